/**
 * The one table of countries and regions. A line is: ISO 3166 alpha-2, alpha-3, the English short name as investors
 * know it, then the words that mean it in English, Italian, Spanish, German and French, and in issuers' own spellings.
 * Country words: Unicode CLDR and ISO 3166-1; the rest as fund companies write them.
 *
 * Regions, as UK investors group them: the developed markets of MSCI's market classification by their geography, with
 * the United States, Canada, the United Kingdom and Japan on their own; every other sovereign country is an emerging
 * (or frontier) market. Dependent territories follow their country where money treats them as one, else "Other".
 * `EU` stands for what belongs to the euro area as a whole, such as cash in euros; `XS` for supranational issuers.
 */
export const COUNTRY_TABLE = `
[US]
AS ASM American Samoa; Samoa Americane; Samoa Americana; Amerikanisch-Samoa; Samoa américaines
GU GUM Guam
MP MNP Northern Mariana Islands; Isole Marianne Settentrionali; Islas Marianas del Norte; Nördliche Marianen; Îles Mariannes du Nord
PR PRI Puerto Rico; Portorico; Porto Rico
UM UMI US Minor Outlying Islands; U.S. Outlying Islands; Isole Minori Esterne degli Stati Uniti; Islas menores alejadas de EE. UU.; Amerikanische Überseeinseln; Îles mineures éloignées des États-Unis; United States Minor Outlying Islands
US USA United States; Stati Uniti; Estados Unidos; Vereinigte Staaten; États-Unis; U.S.; U.S.A.; United States of America; Stati Uniti d’America; EE. UU.; EEUU; Estados Unidos de América; Vereinigte Staaten von Amerika; États-Unis d’Amérique
VI VIR US Virgin Islands; U.S. Virgin Islands; Isole Vergini Americane; Islas Vírgenes de EE. UU.; Amerikanische Jungferninseln; Îles Vierges des États-Unis; Virgin Islands, U.S.
[Canada]
CA CAN Canada; Kanada
[UK]
GB GBR United Kingdom; Regno Unito; Reino Unido; Vereinigtes Königreich; Royaume-Uni; Great Britain; Britain; Gran Bretagna; Gran Bretaña; Großbritannien; Grande-Bretagne; United Kingdom of Great Britain and Northern Ireland; UK; Großbritannien (UK); Grossbritannien; U.K.; England; Scotland; Wales; Northern Ireland
GG GGY Guernsey; Guernesey; Channel Islands
IM IMN Isle of Man; Isola di Man; Isla de Man; Île de Man; Man; Insel Man
JE JEY Jersey; Jersey (Channel Islands)
[Europe]
AD AND Andorra; Andorre
AT AUT Austria; Österreich; Autriche
AX ALA Åland Islands; Isole Åland; Islas Aland; Ålandinseln; Îles Åland
BE BEL Belgium; Belgio; Bélgica; Belgien; Belgique
CH CHE Switzerland; Svizzera; Suiza; Schweiz; Suisse; Confederation of Switzerland
CY CYP Cyprus; Cipro; Chipre; Zypern; Chypre
DE DEU Germany; Germania; Alemania; Deutschland; Allemagne
DK DNK Denmark; Danimarca; Dinamarca; Dänemark
ES ESP Spain; Spagna; España; Spanien; Espagne
EU EUE European Union; Unione Europea; Unión Europea; Europäische Union; Union européenne; Europe; Europa; Eurozone; Euro Zone; Euro area; Eurozona; Zona Euro; Zone euro; Euroraum; Euroland; EMU; European Monetary Union; Economic and Monetary Union; Unione monetaria europea; Unión Monetaria Europea; Europäische Währungsunion; Union monétaire européenne; Eurozone (EMU)
FI FIN Finland; Finlandia; Finnland; Finlande
FO FRO Faroe Islands; Isole Fær Øer; Islas Feroe; Färöer; Îles Féroé
FR FRA France; Francia; Frankreich
GI GIB Gibraltar; Gibilterra
IE IRL Ireland; Irlanda; Irland; Irlande; Republic of Ireland; Eire
IS ISL Iceland; Islanda; Islandia; Island; Islande
IT ITA Italy; Italia; Italien; Italie
LI LIE Liechtenstein
LU LUX Luxembourg; Lussemburgo; Luxemburgo; Luxemburg
MC MCO Monaco
MT MLT Malta; Malte
NL NLD Netherlands; Paesi Bassi; Países Bajos; Niederlande; Pays-Bas; Holland; The Netherlands; Holanda; Olanda; Hollande
NO NOR Norway; Norvegia; Noruega; Norwegen; Norvège
PT PRT Portugal; Portogallo
SE SWE Sweden; Svezia; Suecia; Schweden; Suède
SJ SJM Svalbard and Jan Mayen; Svalbard & Jan Mayen; Svalbard e Jan Mayen; Svalbard y Jan Mayen; Spitzbergen und Jan Mayen; Svalbard et Jan Mayen
SM SMR San Marino; Saint-Marin
VA VAT Holy See; Vatican City; Città del Vaticano; Ciudad del Vaticano; Vatikanstadt; État de la Cité du Vatican; Holy See (Vatican City State); Vatican
[Japan]
JP JPN Japan; Giappone; Japón
[Asia Pacific]
AU AUS Australia; Australien; Australie
HK HKG Hong Kong; Hong Kong SAR China; RAS di Hong Kong; RAE de Hong Kong (China); Sonderverwaltungsregion Hongkong; R.A.S. chinoise de Hong Kong; Hongkong; Hong Kong SAR; Hong Kong, China
MO MAC Macao; Macao SAR China; RAS di Macao; RAE de Macao (China); Sonderverwaltungsregion Macau; R.A.S. chinoise de Macao; Macau; Macao SAR; Macau SAR
NZ NZL New Zealand; Nuova Zelanda; Nueva Zelanda; Neuseeland; Nouvelle-Zélande; Nueva Zelandia
SG SGP Singapore; Singapur; Singapour
[Middle East]
IL ISR Israel; Israele
[Emerging Markets]
AE ARE United Arab Emirates; Emirati Arabi Uniti; Emiratos Árabes Unidos; Vereinigte Arabische Emirate; Émirats arabes unis; UAE; U.A.E.; VAE; EAU; Émirats Arabes unis (EAU); Vereinigte Arab. Emirate
AF AFG Afghanistan; Afganistán
AG ATG Antigua and Barbuda; Antigua & Barbuda; Antigua e Barbuda; Antigua y Barbuda; Antigua und Barbuda; Antigua-et-Barbuda
AL ALB Albania; Albanien; Albanie
AM ARM Armenia; Armenien; Arménie
AO AGO Angola
AR ARG Argentina; Argentinien; Argentine
AZ AZE Azerbaijan; Azerbaigian; Azerbaiyán; Aserbaidschan; Azerbaïdjan
BA BIH Bosnia and Herzegovina; Bosnia & Herzegovina; Bosnia ed Erzegovina; Bosnia y Herzegovina; Bosnien und Herzegowina; Bosnie-Herzégovine; Bosnia
BB BRB Barbados; Barbade
BD BGD Bangladesh; Bangladés; Bangladesch
BF BFA Burkina Faso
BG BGR Bulgaria; Bulgarien; Bulgarie
BH BHR Bahrain; Bahrein; Baréin
BI BDI Burundi
BJ BEN Benin
BN BRN Brunei; Brunei Darussalam
BO BOL Bolivia; Bolivien; Bolivie; Bolivia, Plurinational State of
BR BRA Brazil; Brasile; Brasil; Brasilien; Brésil
BS BHS Bahamas; The Bahamas
BT BTN Bhutan; Bután; Bhoutan
BW BWA Botswana; Botsuana
BY BLR Belarus; Bielorussia; Bielorrusia; Biélorussie; Weißrussland; White Russia
BZ BLZ Belize; Belice
CD COD DR Congo; Congo - Kinshasa; República Democrática del Congo; Kongo-Kinshasa; Congo, The Democratic Republic of the; Congo, Democratic Republic of the
CF CAF Central African Republic; Repubblica Centrafricana; República Centroafricana; Zentralafrikanische Republik; République centrafricaine
CG COG Congo; Congo - Brazzaville; Kongo-Brazzaville
CI CIV Côte d'Ivoire; Costa d’Avorio; Ivory Coast; Elfenbeinküste
CL CHL Chile; Cile; Chili
CM CMR Cameroon; Camerun; Kamerun; Cameroun
CN CHN China; Cina; Chine; People’s Republic of China; Volksrepublik China; China (Mainland); Repubblica Popolare Cinese; P.R. China; PRC; PR China; Mainland China; China Mainland; China A; China (PRC)
CO COL Colombia; Kolumbien; Colombie
CR CRI Costa Rica
CU CUB Cuba; Kuba
CV CPV Cabo Verde; Cape Verde; Capo Verde; Cap-Vert
CZ CZE Czechia; Cechia; Chequia; Tschechien; Tchéquie; Czech Republic; Repubblica Ceca; República Checa; Tschechische Republik; République tchèque; Czech Rep.; Czech Rep
DJ DJI Djibouti; Gibuti; Yibuti; Dschibuti
DM DMA Dominica; Dominique
DO DOM Dominican Republic; Repubblica Dominicana; República Dominicana; Dominikanische Republik; République dominicaine; Dom. Republic; Dominican Rep.
DZ DZA Algeria; Argelia; Algerien; Algérie
EC ECU Ecuador; Équateur
EE EST Estonia; Estland; Estonie
EG EGY Egypt; Egitto; Egipto; Ägypten; Égypte
ER ERI Eritrea; Érythrée
ET ETH Ethiopia; Etiopia; Äthiopien; Éthiopie
FJ FJI Fiji; Figi; Fiyi; Fidschi; Fidji
FM FSM Micronesia; Mikronesien; Micronésie; Micronesia, Federated States of
GA GAB Gabon; Gabun
GD GRD Grenada; Granada; Grenade
GE GEO Georgia; Georgien; Géorgie
GH GHA Ghana
GM GMB Gambia; Gambie; The Gambia
GN GIN Guinea; Guinée
GQ GNQ Equatorial Guinea; Guinea Equatoriale; Guinea Ecuatorial; Äquatorialguinea; Guinée équatoriale
GR GRC Greece; Grecia; Griechenland; Grèce
GT GTM Guatemala
GW GNB Guinea-Bissau; Guinea-Bisáu; Guinée-Bissau
GY GUY Guyana
HN HND Honduras
HR HRV Croatia; Croazia; Croacia; Kroatien; Croatie
HT HTI Haiti
HU HUN Hungary; Ungheria; Hungría; Ungarn; Hongrie
ID IDN Indonesia; Indonesien; Indonésie
IN IND India; Indien; Inde
IQ IRQ Iraq; Irak
IR IRN Iran; Iran, Islamic Republic of; Islamic Republic of Iran
JM JAM Jamaica; Giamaica; Jamaika; Jamaïque
JO JOR Jordan; Giordania; Jordania; Jordanien; Jordanie
KE KEN Kenya; Kenia
KG KGZ Kyrgyzstan; Kirghizistan; Kirguistán; Kirgisistan; Kirghizstan; Kyrgyz Republic
KH KHM Cambodia; Cambogia; Camboya; Kambodscha; Cambodge
KI KIR Kiribati
KM COM Comoros; Comore; Comoras; Komoren; Comores
KN KNA Saint Kitts and Nevis; St. Kitts & Nevis; Saint Kitts e Nevis; San Cristóbal y Nieves; St. Kitts und Nevis; Saint-Christophe-et-Niévès
KP PRK North Korea; Corea del Nord; Corea del Norte; Nordkorea; Corée du Nord; Korea, Democratic People's Republic of; Korea (North)
KR KOR South Korea; Corea del Sud; Corea del Sur; Südkorea; Corée du Sud; Korea, Republic of; Korea (South); Korea; Corea; Corée; Republic of Korea; Korea (Republik); Repubblica di Corea; República de Corea; République de Corée; Republik Korea; Corea (Sud); Corea (Sur); Korea (Süd); Corée (Sud); S. Korea; Korea South
KW KWT Kuwait; Koweït
KZ KAZ Kazakhstan; Kazakistan; Kazajistán; Kasachstan; Kazajstán
LA LAO Laos; Lao People's Democratic Republic
LB LBN Lebanon; Libano; Libanon; Liban
LC LCA Saint Lucia; St. Lucia; Santa Lucía; Sainte-Lucie
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho; Lesoto
LT LTU Lithuania; Lituania; Litauen; Lituanie
LV LVA Latvia; Lettonia; Letonia; Lettland; Lettonie
LY LBY Libya; Libia; Libyen; Libye
MA MAR Morocco; Marocco; Marruecos; Marokko; Maroc
MD MDA Moldova; Moldavia; Republik Moldau; Moldavie; Moldova, Republic of; Moldawien
ME MNE Montenegro
MG MDG Madagascar; Madagaskar
MH MHL Marshall Islands; Isole Marshall; Islas Marshall; Marshallinseln; Îles Marshall
MK MKD North Macedonia; Macedonia del Nord; Macedonia del Norte; Nordmazedonien; Macédoine du Nord; Macedonia; FYR Macedonia
ML MLI Mali
MM MMR Myanmar; Myanmar (Burma); Myanmar (Birmania); Myanmar (Birmanie); Burma
MN MNG Mongolia; Mongolei; Mongolie
MR MRT Mauritania; Mauretanien; Mauritanie
MU MUS Mauritius; Mauricio; Maurice
MV MDV Maldives; Maldive; Maldivas; Malediven
MW MWI Malawi; Malaui
MX MEX Mexico; Messico; Mexiko; Mexique
MY MYS Malaysia; Malasia; Malaisie; Malesia; Malaisia
MZ MOZ Mozambique; Mozambico; Mosambik
NA NAM Namibia; Namibie
NE NER Niger
NG NGA Nigeria
NI NIC Nicaragua
NP NPL Nepal
NR NRU Nauru
OM OMN Oman
PA PAN Panama
PE PER Peru; Pérou
PG PNG Papua New Guinea; Papua Nuova Guinea; Papúa Nueva Guinea; Papua-Neuguinea; Papouasie-Nouvelle-Guinée
PH PHL Philippines; Filippine; Filipinas; Philippinen; The Philippines
PK PAK Pakistan
PL POL Poland; Polonia; Polen; Pologne
PS PSE Palestine; Palestinian Territories; Territori Palestinesi; Territorios Palestinos; Palästinensische Autonomiegebiete; Territoires palestiniens; Palestine, State of; Palestinian Territory
PW PLW Palau; Palaos
PY PRY Paraguay
QA QAT Qatar; Catar; Katar
RO ROU Romania; Rumanía; Rumänien; Roumanie
RS SRB Serbia; Serbien; Serbie
RU RUS Russia; Rusia; Russland; Russie; Russian Federation; Federazione Russa; Federación de Rusia; Russische Föderation; Fédération de Russie; Federación Rusa; Fédération Russe; Russia Federazione; Russia Federation
RW RWA Rwanda; Ruanda
SA SAU Saudi Arabia; Arabia Saudita; Arabia Saudí; Saudi-Arabien; Arabie saoudite; Kingdom of Saudi Arabia
SB SLB Solomon Islands; Isole Salomone; Islas Salomón; Salomonen; Îles Salomon
SC SYC Seychelles; Seychellen
SD SDN Sudan; Soudan
SI SVN Slovenia; Eslovenia; Slowenien; Slovénie
SK SVK Slovakia; Slovacchia; Eslovaquia; Slowakei; Slovaquie; Slovak Republic; Repubblica Slovacca; República Eslovaca; Slowakische Republik
SL SLE Sierra Leone; Sierra Leona
SN SEN Senegal
SO SOM Somalia; Somalie
SR SUR Suriname; Surinam
SS SSD South Sudan; Sud Sudan; Sudán del Sur; Südsudan; Soudan du Sud
ST STP Sao Tome and Principe; São Tomé & Príncipe; São Tomé e Príncipe; Santo Tomé y Príncipe; São Tomé und Príncipe; Sao Tomé-et-Principe
SV SLV El Salvador; Salvador
SY SYR Syria; Siria; Syrien; Syrie; Syrian Arab Republic
SZ SWZ Eswatini; Esuatini; Swaziland
TD TCD Chad; Ciad; Tschad; Tchad
TG TGO Togo
TH THA Thailand; Thailandia; Tailandia; Thaïlande; Tailande
TJ TJK Tajikistan; Tagikistan; Tayikistán; Tadschikistan; Tadjikistan
TL TLS Timor-Leste; Timor Est; Timor oriental; East Timor
TM TKM Turkmenistan
TN TUN Tunisia; Túnez; Tunesien; Tunisie
TO TON Tonga
TR TUR Türkiye; Turchia; Turquía; Türkei; Turquie; Turkey; Republic of Türkiye
TT TTO Trinidad and Tobago; Trinidad & Tobago; Trinidad e Tobago; Trinidad y Tobago; Trinidad und Tobago; Trinité-et-Tobago
TV TUV Tuvalu
TW TWN Taiwan; Taiwan, Province of China; Chinese Taipei; Taiwan, China; Taiwan (Republic of China)
TZ TZA Tanzania; Tansania; Tanzanie; Tanzania, United Republic of
UA UKR Ukraine; Ucraina; Ucrania
UG UGA Uganda; Ouganda
UY URY Uruguay
UZ UZB Uzbekistan; Usbekistan; Ouzbékistan
VC VCT Saint Vincent and the Grenadines; St. Vincent & Grenadines; Saint Vincent e Grenadine; San Vicente y las Granadinas; St. Vincent und die Grenadinen; Saint-Vincent-et-les Grenadines
VE VEN Venezuela; Venezuela, Bolivarian Republic of
VN VNM Vietnam; Viêt Nam; Socialist Republic of Vietnam
VU VUT Vanuatu
WS WSM Samoa
YE YEM Yemen; Jemen
ZA ZAF South Africa; Sudafrica; Südafrika; Afrique du Sud; Sud Africa; Republic of South Africa; Suráfrica
ZM ZMB Zambia; Sambia; Zambie
ZW ZWE Zimbabwe; Zimbabue; Simbabwe
[Other]
AI AIA Anguilla; Anguila
AQ ATA Antarctica; Antartide; Antártida; Antarktis; Antarctique
AW ABW Aruba
BL BLM Saint Barthélemy; St. Barthélemy; San Bartolomé
BM BMU Bermuda; Bermudas; Bermudes
BQ BES Bonaire, Sint Eustatius and Saba; Caribbean Netherlands; Caraibi Olandesi; Caribe neerlandés; Karibische Niederlande; Pays-Bas caribéens
BV BVT Bouvet Island; Isola Bouvet; Isla Bouvet; Bouvetinsel; Île Bouvet
CC CCK Cocos (Keeling) Islands; Isole Cocos (Keeling); Islas Cocos; Kokosinseln; Îles Cocos
CK COK Cook Islands; Isole Cook; Islas Cook; Cookinseln; Îles Cook
CW CUW Curaçao; Curazao
CX CXR Christmas Island; Isola Christmas; Isla de Navidad; Weihnachtsinsel; Île Christmas
EH ESH Western Sahara; Sahara Occidentale; Sáhara Occidental; Westsahara
FK FLK Falkland Islands; Isole Falkland; Islas Malvinas; Falklandinseln; Îles Malouines; Falkland Islands (Malvinas)
GF GUF French Guiana; Guyana Francese; Guayana Francesa; Französisch-Guayana; Guyane française
GL GRL Greenland; Groenlandia; Grönland; Groenland
GP GLP Guadeloupe; Guadalupa; Guadalupe
GS SGS South Georgia and the South Sandwich Islands; South Georgia & South Sandwich Islands; Georgia del Sud e Sandwich Australi; Islas Georgia del Sur y Sandwich del Sur; Südgeorgien und die Südlichen Sandwichinseln; Géorgie du Sud-et-les Îles Sandwich du Sud
HM HMD Heard Island and McDonald Islands; Heard & McDonald Islands; Isole Heard e McDonald; Islas Heard y McDonald; Heard und McDonaldinseln; Îles Heard-et-MacDonald
IO IOT British Indian Ocean Territory; Territorio Britannico dell’Oceano Indiano; Territorio Británico del Océano Índico; Britisches Territorium im Indischen Ozean; Territoire britannique de l’océan Indien
KY CYM Cayman Islands; Isole Cayman; Islas Caimán; Kaimaninseln; Îles Caïmans; Cayman; Caymans; Islas Cayman; Cayman-Inseln
MF MAF Saint Martin; St. Martin; San Martín; Saint Martin (French part)
MQ MTQ Martinique; Martinica
MS MSR Montserrat
NC NCL New Caledonia; Nuova Caledonia; Nueva Caledonia; Neukaledonien; Nouvelle-Calédonie
NF NFK Norfolk Island; Isola Norfolk; Isla Norfolk; Norfolkinsel; Île Norfolk
NU NIU Niue
PF PYF French Polynesia; Polinesia Francese; Polinesia Francesa; Französisch-Polynesien; Polynésie française
PM SPM Saint Pierre and Miquelon; St. Pierre & Miquelon; Saint-Pierre e Miquelon; San Pedro y Miquelón; St. Pierre und Miquelon; Saint-Pierre-et-Miquelon
PN PCN Pitcairn; Pitcairn Islands; Isole Pitcairn; Islas Pitcairn; Pitcairninseln; Îles Pitcairn
RE REU Réunion; Riunione; La Réunion
SH SHN Saint Helena; St. Helena; Sant’Elena; Santa Elena; Sainte-Hélène; Saint Helena, Ascension and Tristan da Cunha
SX SXM Sint Maarten; Saint-Martin (partie néerlandaise); Sint Maarten (Dutch part)
TC TCA Turks and Caicos Islands; Turks & Caicos Islands; Isole Turks e Caicos; Islas Turcas y Caicos; Turks- und Caicosinseln; Îles Turques-et-Caïques
TF ATF French Southern Territories; Terre Australi Francesi; Territorios Australes Franceses; Französische Süd- und Antarktisgebiete; Terres australes françaises
TK TKL Tokelau
VG VGB British Virgin Islands; Isole Vergini Britanniche; Islas Vírgenes Británicas; Britische Jungferninseln; Îles Vierges britanniques; Virgin Islands, British
WF WLF Wallis and Futuna; Wallis & Futuna; Wallis e Futuna; Wallis y Futuna; Wallis und Futuna; Wallis-et-Futuna
XS SNA Supranational; Sovranazionale; Supranacional; Supranazionale; Supra-National; International; Internazionale; Internacional; Supranationals; Supranationale; Sovranazionali; Supranacionales; Multinational; Multi-National; Multinationals
YT MYT Mayotte
`;
