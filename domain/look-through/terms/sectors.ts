import { foldTerm, isBlankTerm, wordIndex } from './fold.ts';
import { industryOf } from './industries.ts';
import { SECTORS, type Sector } from './sector-names.ts';

/**
 * Issuers' words for each sector: English, Italian, Spanish, German, French. Kept as data: a new issuer's word is one
 * entry here. Under "Unclassified" stand the words that are known and are not a GICS sector ("Other", the sectors of
 * government bonds, the "Consumer Goods" of older classifications that are two sectors here), so that they raise no warning.
 */
const WORDS: Readonly<Record<Sector, string>> = {
  Energy: 'Energia; Energía; Energie; Énergie; Oil & Gas; Energy Equipment & Services; Pétrole et gaz',
  Materials:
    'Basic Materials; Basic Industry; Materiali; Materiali di base; Materie prime; Materiales; Materiales básicos; Materias primas; Materialien; Material; Grundstoffe; Rohstoffe; Roh-, Hilfs- & Betriebsstoffe; Werkstoffe; Matériaux; Matériaux de base; Matières premières',
  Industrials:
    'Industrial; Industriali; Industria; Industriales; Industrias; Beni industriali; Industrie; Industrieunternehmen; Industriewerte; Industries; Industriels; Valeurs industrielles; Capital Goods; Transportation; Industrali; Prodotti industriali; Productos industriales; Industriegüter; Biens et services industriels; Biens d’équipement; Industrial Other',
  'Consumer Discretionary':
    'Consumer Cyclical; Consumer Cyclicals; Consumer Discretion; Cons Discretionary; Consumi Discrezionali; Beni voluttuari; Beni di consumo voluttuari; Beni di consumo discrezionali; Beni di consumo ciclici; Beni ciclici; Consumo discrecional; Consumo cíclico; Bienes de consumo discrecional; Bienes de consumo cíclico; Zyklische Konsumgüter; Nicht-Basiskonsumgüter; Konsumgüter zyklisch; Nicht lebensnotwendige Konsumgüter; Gebrauchsgüter; Biens de consommation cycliques; Biens de consommation cyclique; Consommation discrétionnaire; Consommation cyclique; Biens de consommation discrétionnaire; Productos de consumo no básico; Consumo no básico; Dauerhafte Konsumgüter; Biens de consommation durables; Consumer, Cyclical',
  'Consumer Staples':
    'Consumer Defensive; Consumer Non-Cyclicals; Cons Staples; Generi di largo consumo; Beni di prima necessità; Beni di consumo primari; Beni di consumo di prima necessità; Beni di consumo non ciclici; Beni non ciclici; Consumi di base; Beni di largo consumo; Productos básicos de consumo; Productos de primera necesidad; Bienes de consumo básico; Consumo básico; Consumo defensivo; Consumo no cíclico; Bienes de primera necesidad; Nichtzyklische Konsumgüter; Nicht-zyklische Konsumgüter; Basiskonsumgüter; Konsumgüter nicht-zyklisch; Verbrauchsgüter; Lebensnotwendige Konsumgüter; Biens de consommation de base; Biens de consommation courante; Biens de consommation non cycliques; Biens de consommation non-cycliques; Biens de consommation défensifs; Consommation de base; Consommation non cyclique; Produits de première nécessité; Consumer Non-Cyclical; Consumer, Non-cyclical; Beni di consumo difensivi; Basisgüter',
  'Health Care':
    'Healthcare; Health; Salute; Sanità; Assistenza sanitaria; Farmaceutici e assistenza sanitaria; Salud; Cuidado de la Salud; Sanidad; Atención sanitaria; Atención médica; Asistencia sanitaria; Gesundheitsversorgung; Gesundheitswesen; Gesundheit; Santé; Soins de santé; La santé; Servicios sanitarios',
  Financials:
    'Financial; Financial Services; Financial Institutions; Finance; Banking; Insurance; Finance Companies; Brokerage/Asset Managers/Exchanges; Finanziari; Finanziario; Finanza; Servizi finanziari; Titoli finanziari; Financieros; Financiero; Finanzas; Servicios financieros; Finanzwesen; Finanzen; Finanzdienstleistungen; Finanzwerte; Finanztitel; Finances; Services financiers; La finance; Valeurs financières; Sociétés financières; Sector financiero; Brokerage; Financial Other; Entidades financieras; Finanzunternehmen',
  'Information Technology':
    'IT; Technology; Info Technology; Information Tech; Tecnologia; Tecnologia dell’informazione; Tecnologie informatiche; Informatica; Information technology (IT); Tecnología; Tecnología de la Información; Tecnologías de la información; TI; Informationstechnologie; Informationstechnik; Technologie; Technologien; Technologie de l’information; Technologies de l’information; Technologies de l’info; Technologie informatique; Informatique',
  'Communication Services':
    'Communication; Communications; Telecommunication Services; Telecommunications; Telecommunication; Telecom; Comunicazione; Comunicazioni; Servizi di comunicazione; Servizi di telecomunicazione; Telecomunicazioni; Comunicación; Comunicaciones; Servicios de comunicación; Servicios de comunicaciones; Telecomunicaciones; Servicios de telecomunicaciones; Kommunikation; Kommunikationsdienste; Kommunikationsdienstleistungen; Telekommunikation; Telekommunikationsdienste; La communication; Services de communication; Télécommunications; Télécommunication; Services de télécommunication; Services de télécommunications; Services de communications; Telekommunikationsdienstleistungen',
  Utilities:
    'Utility; Electric; Natural Gas; Imprese di servizi di pubblica utilità; Servizi di pubblica utilità; Servizi pubblici; Pubblica utilità; Servizi di pubblica utilita; Servicios; Servicios públicos; Suministros públicos; Servicios de utilidad pública; Utilidades; Versorger; Versorgungsbetriebe; Versorgungsunternehmen; Versorgung; Services publics; Services aux collectivités; Services collectifs; Services d’utilité publique; Utility Other; Utenze; Beni di pubblica utilità',
  'Real Estate':
    'Property; REITs; REIT; Immobili; Immobiliare; Beni immobili; Settore immobiliare; Bienes raíces; Inmobiliario; Bienes inmuebles; Bienes inmobiliarios; Sector inmobiliario; Inmuebles; Immobilien; Immobilienwerte; Immobilier; L’immobilier; Immobiliers',
  'Cash and derivatives':
    'Cash and/or Derivatives; Cash & Derivatives; Cash; Cash & Cash Equivalents; Cash and Cash Equivalents; Cash & Equivalents; Derivatives; Money Market; Liquidità e/o derivati; Liquidità; Liquidità e derivati; Contanti e/o derivati; Efectivo y/o derivados; Efectivo y derivados; Efectivo; Liquidez y/o derivados; Liquidez; Derivados; Cash und/oder Derivate; Barmittel und/oder Derivate; Barmittel; Liquidität und/oder Derivate; Liquidität; Liquide Mittel; Derivate; Liquidités et/ou produits dérivés; Liquidités et/ou dérivés; Liquidités; Trésorerie; Trésorerie et/ou dérivés; Espèces et/ou produits dérivés; Espèces; S-T Securities',
  Unclassified:
    'Other; Others; Not Classified; Unassigned; Unknown; Miscellaneous; Altro; Altri; Non classificato; Non classificati; Otro; Otros; Sin clasificar; Sonstige; Sonstiges; Andere; Nicht klassifiziert; Autre; Autres; Non classé; Non classés; Treasury; Treasuries; Government; Governments; Sovereign; Sovereigns; Agency; Agencies; Local Authority; Supranational; Supranationals; Government Related; Government Owned, No Guarantee; Owned No Guarantee; Government Guarantee; MBS Pass-Through; Pass-Through; ABS; CMBS; Covered; Securitized; Corporates; Corporate; Municipal; Municipals; Titoli di Stato; Governativi; Deuda pública; Gobierno; Staatsanleihen; Emprunts d’État; Foreign Agencies; Local Authorities; Emerging Market Sovereign; Consumer Goods; Konsumgüter',
};

const INDEX = wordIndex(WORDS);

/** A sector, or an industry of one, as published, made canonical; `known` is false for a word that no table has (it counts as Unclassified). */
export const sectorOf = (published: string | null): { readonly sector: Sector; readonly known: boolean } => {
  if (published === null || isBlankTerm(published)) return { sector: 'Unclassified', known: true };
  const sector = INDEX.get(foldTerm(published)) ?? industryOf(published)?.sector;
  return sector === undefined ? { sector: 'Unclassified', known: false } : { sector, known: true };
};

export const isSector = (name: string): name is Sector => (SECTORS as readonly string[]).includes(name);
