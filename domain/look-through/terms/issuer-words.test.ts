import { describe, expect, it } from 'vitest';
import { assetClassOf, countryOf, industries, industryOf, SECTORS, sectorOf } from './index.ts';

/** Each sector in the words of issuers: English (also its names before 2018 and bond sectors); it; es; de; fr. */
const SECTOR_WORDS = `
Energy: Energy, Oil & Gas; Energia; Energía; Energie; Énergie
Materials: Materials, Basic Materials, Basic Industry; Materiali, Materiali di base; Materiales, Materias primas; Materialien, Rohstoffe, Grundstoffe, Werkstoffe; Matériaux, Matières premières
Industrials: Industrials, Capital Goods, Transportation; Industriali, Prodotti industriali, Industrali; Industriales, Industria, Productos industriales; Industrie, Industriegüter; Industrie, Industries, Biens et services industriels
Consumer Discretionary: Consumer Discretionary, Consumer Cyclical; Consumi Discrezionali, Beni voluttuari; Consumo discrecional, Productos de consumo no básico; Zyklische Konsumgüter, Nicht-Basiskonsumgüter; Biens de consommation cycliques, Consommation discrétionnaire
Consumer Staples: Consumer Staples, Consumer Non-Cyclical, Consumer Defensive; Generi di largo consumo, Beni di prima necessità; Productos básicos de consumo, Productos de primera necesidad; Nichtzyklische Konsumgüter, Basiskonsumgüter; Biens de consommation de base, Produits de première nécessité
Health Care: Health Care, Healthcare; Salute, Sanità, Assistenza sanitaria; Cuidado de la Salud, Salud, Atención médica; Gesundheitsversorgung, Gesundheitswesen; Santé, Soins de santé
Financials: Financials, Banking, Insurance, Finance Companies; Finanziari, Finanza; Financieros, Finanzas, Servicios Financieros; Financials, Finanzwesen, Finanzunternehmen; Finance, Services financiers
Information Technology: Information Technology, Technology; IT, Tecnologia dell’informazione; Tecnología de la Información, Tecnología; IT, Informationstechnologie, Technologie; Technologie de l'information, Technologies de l'information
Communication Services: Communication, Communications, Telecommunication Services, Telecommunications; Comunicazione, Servizi di comunicazione, Servizi di telecomunicazione; Comunicación, Servicios de telecomunicaciones; Kommunikation, Kommunikationsdienste, Telekommunikationsdienste; La communication, Services de communication, Services de télécommunication
Utilities: Utilities, Electric, Natural Gas; Imprese di servizi di pubblica utilità, Beni di pubblica utilità; Servicios, Servicios públicos; Versorger, Versorgungsbetriebe; Services publics, Services aux collectivités
Real Estate: Real Estate, REITs; Immobili, Immobiliare; Bienes raíces, Inmobiliario; Immobilien; Immobilier, Immobiliers
Cash and derivatives: Cash and/or Derivatives; Liquidità e/o derivati; Efectivo y/o derivados; Cash und/oder Derivate; Liquidités et/ou produits dérivés
Unclassified: Other, Treasuries, Sovereign, Agency; Altro; Otros; Sonstige; Autres
`;

/** The countries of MSCI's ACWI IMI and those where its companies are registered: English; it; es; de; fr. */
const COUNTRY_WORDS = `
Australia; Australia; Australia; Australien; Australie
Austria; Austria; Austria; Österreich; Autriche
Belgium; Belgio; Bélgica; Belgien; Belgique
Canada; Canada; Canadá; Kanada; Canada
Denmark; Danimarca; Dinamarca; Dänemark; Danemark
Finland; Finlandia; Finlandia; Finnland; Finlande
France; Francia; Francia; Frankreich; France
Germany; Germania; Alemania; Deutschland; Allemagne
Hong Kong; Hong Kong; Hong-Kong; Hongkong; Hong-Kong
Ireland; Irlanda; Irlanda; Irland; Irlande
Israel; Israele; Israel; Israel; Israël
Italy; Italia; Italia; Italien; Italie
Japan; Giappone; Japón; Japan; Japon
Netherlands; Paesi Bassi, Olanda; Holanda, Países Bajos; Niederlande; Pays-bas
New Zealand; Nuova Zelanda; Nueva Zelanda, Nueva Zelandia; Neuseeland; Nouvelle-Zélande
Norway; Norvegia; Noruega; Norwegen; Norvège
Portugal; Portogallo; Portugal; Portugal; Portugal
Singapore; Singapore; Singapur; Singapur; Singapour
Spain; Spagna; España; Spanien; Espagne
Sweden; Svezia; Suecia; Schweden; Suède
Switzerland; Svizzera; Suiza; Schweiz; Suisse
United Kingdom; Regno unito; Reino Unido; Vereinigtes Königreich, Grossbritannien; Royaume-uni
United States; Stati Uniti; Estados Unidos; Vereinigte Staaten, USA; États-unis, Etats-Unis
Brazil; Brasile; Brasil; Brasilien; Brésil
Chile; Cile; Chile; Chile; Chili
China; Cina; China; China; Chine
Colombia; Colombia; Colombia; Kolumbien; Colombie
Czechia; Repubblica Ceca, Cechia; República Checa, Chequia; Tschechische Republik, Tschechien; République tchèque
Egypt; Egitto; Egipto; Ägypten; Égypte, Egypte
Greece; Grecia; Grecia; Griechenland; Grèce
Hungary; Ungheria; Hungría; Ungarn; Hongrie
India; India; India; Indien; Inde
Indonesia; Indonesia; Indonesia; Indonesien; Indonésie
South Korea; Corea, Repubblica di Corea; Corea, República de Corea; Korea, Südkorea, Republik Korea; Corée, République de Corée
Kuwait; Kuwait; Kuwait; Kuwait; Koweït, Koweit
Malaysia; Malesia; Malasia; Malaysia; Malaisie
Mexico; Messico; México; Mexiko; Mexique
Peru; Perù; Perú; Peru; Pérou
Philippines; Filippine; Filipinas; Philippinen; Philippines
Poland; Polonia; Polonia; Polen; Pologne
Qatar; Qatar; Qatar, Catar; Katar; Qatar
Saudi Arabia; Arabia Saudita; Arabia Saudita, Arabia Saudí; Saudi-Arabien; Arabie Saoudite
South Africa; Sud Africa, Sudafrica; Sudáfrica; Südafrika; Afrique du Sud
Taiwan; Taiwan; Taiwán; Taiwan; Taïwan
Thailand; Tailandia, Thailandia; Tailandia; Thailand; Thaïlande
Türkiye; Turchia; Turquía; Türkei; Turquie
United Arab Emirates; Emirati Arabi Uniti; Emiratos Árabes Unidos; Vereinigte Arabische Emirate; Émirats Arabes Unis
Russia; Federazione Russa; Federación Rusa, Federación de Rusia; Russische Föderation; Fédération de Russie
Bermuda; Bermuda; Bermudas; Bermuda; Bermudes
Cayman Islands; Isole Cayman; Islas Caimán, Islas Cayman; Kaimaninseln, Cayman-Inseln; Îles Caïmans
Luxembourg; Lussemburgo; Luxemburgo; Luxemburg; Luxembourg
Macao; Macao; Macao; Macau; Macao
Isle of Man; Isola di Man; Isla de Man; Insel Man; Île de Man
European Union; Unione Europea; Unión Europea; Europäische Union; Union européenne
`;

const lines = (table: string): string[] => table.trim().split('\n');
const words = (text: string): string[] => text.split(/[;,] /);

describe('issuers’ words in five languages', () => {
  it.each(lines(SECTOR_WORDS).map((line) => line.split(': ') as [string, string]))('%s', (sector, text) => {
    expect(text.split('; ')).toHaveLength(5);
    for (const word of words(text)) expect([word, sectorOf(word)]).toEqual([word, { sector, known: true }]);
  });

  it('have every sector', () => {
    expect(lines(SECTOR_WORDS).map((line) => line.split(': ')[0])).toEqual([...SECTORS]);
  });

  it.each(lines(COUNTRY_WORDS).map((line) => [line.split('; ')[0] ?? '', line] as const))(
    '%s',
    (name, line) => {
      expect(line.split('; ')).toHaveLength(5);
      for (const word of words(line)) expect([word, countryOf(word).name]).toEqual([word, name]);
    },
  );

  it.each([
    ['Equity', 'Equity; Azionario; Renta variable; Aktien; Actions; American Depository Receipt; REIT'],
    ['Fixed Income', 'Fixed Income; Obbligazionario; Renta fija; Anleihen; Obligations; Treasury Bill'],
    ['Cash', 'Cash; Contanti; Efectivo; Barmittel; Liquidités; Money Market; Cash Collateral and Margins'],
    ['Future', 'Futures; FUTURE; Futuros; Terminkontrakte; Contrats à terme'],
    ['FX forward', 'FX; Cambi; Divisas; Devisen; Change; Forwards'],
  ])('asset class %s', (assetClass, text) => {
    for (const word of text.split('; ')) {
      expect([word, assetClassOf(word).assetClass]).toEqual([word, assetClass]);
    }
  });
});

describe('industries', () => {
  it('stand under one of the eleven sectors', () => {
    const all = industries();
    expect(all.length).toBeGreaterThan(80);
    expect(new Set(all.map((entry) => entry.industry)).size).toBe(all.length);
    const sectors = new Set(all.map((entry) => entry.sector));
    expect([...sectors].toSorted()).toEqual(SECTORS.slice(0, 11).toSorted());
  });

  it.each([
    ['Systems Software', 'Software', 'Information Technology'],
    ['Software & Services', 'Software & Services', 'Information Technology'],
    ['SEMICONDUCTORS', 'Semiconductors & Semiconductor Equipment', 'Information Technology'],
    ['Interactive Media and Services', 'Interactive Media & Services', 'Communication Services'],
    ['Diversified Banks', 'Banks', 'Financials'],
    ['Application software', 'Software', 'Information Technology'],
    ['Retailing', 'Consumer Discretionary Distribution & Retail', 'Consumer Discretionary'],
    ['Railroads', 'Ground Transportation', 'Industrials'],
  ])('%s is %s in %s', (published, industry, sector) => {
    expect(industryOf(published)).toEqual({ industry, sector });
    expect(sectorOf(published)).toEqual({ sector, known: true });
  });

  it('an invented one is none', () => {
    expect(industryOf('Wand making')).toBeNull();
    expect(industryOf(null)).toBeNull();
  });
});
