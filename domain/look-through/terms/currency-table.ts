/**
 * Currencies written out: ISO 4217, then the words that mean it in English, Italian, Spanish, German and French, and in
 * issuers' own spellings. Source of the plain names: Unicode CLDR.
 */
export const CURRENCY_TABLE = `
AED United Arab Emirates Dirham; dirham degli Emirati Arabi Uniti; dírham de los Emiratos Árabes Unidos; VAE-Dirham; dirham des Émirats arabes unis; UAE Dirham; Emirati Dirham; United Arab Emirates Dirhams
ARS Argentine Peso; peso argentino; Argentinischer Peso; peso argentin
AUD Australian Dollar; dollaro australiano; dólar australiano; Australischer Dollar; dollar australien; Australian Dollars
BDT Bangladeshi Taka; taka bangladese; taka bangladesí; Bangladesch-Taka; taka bangladeshi
BGN Bulgarian Lev; lev bulgaro; leva búlgara; Bulgarischer Lew; lev bulgare
BHD Bahraini Dinar; dinaro del Bahrein; dinar bareiní; Bahrain-Dinar; dinar bahreïni
BRL Brazilian Real; real brasiliano; real brasileño; Brasilianischer Real; réal brésilien; Brazilian Reais
CAD Canadian Dollar; dollaro canadese; dólar canadiense; Kanadischer Dollar; dollar canadien; Canadian Dollars
CHF Swiss Franc; franco svizzero; franco suizo; Schweizer Franken; franc suisse; Swiss Francs
CLP Chilean Peso; peso cileno; peso chileno; Chilenischer Peso; peso chilien
CNY Chinese Yuan; yuan cinese; yuan renminbi; Renminbi Yuan; yuan renminbi chinois; Chinese Renminbi; Renminbi; Chinese Yuan Renminbi; Offshore Renminbi; Offshore Yuan; Chinese Yuan (Offshore); Yuan Renminbi (Offshore); Chinese Renminbi (Offshore); Chinese Offshore Yuan
COP Colombian Peso; peso colombiano; Kolumbianischer Peso; peso colombien
CZK Czech Koruna; corona ceca; corona checa; Tschechische Krone; couronne tchèque; Czech Crown
DKK Danish Krone; corona danese; corona danesa; Dänische Krone; couronne danoise; Danish Kroner
EGP Egyptian Pound; sterlina egiziana; libra egipcia; Ägyptisches Pfund; livre égyptienne
EUR Euro; Euros; Euro Currency
GBP British Pound; sterlina britannica; libra esterlina; Britisches Pfund; livre sterling; Pound Sterling; UK Pound; British Pounds; Pounds Sterling; Sterling; Great British Pound; Sterlina; Pfund Sterling; British Sterling
HKD Hong Kong Dollar; dollaro di Hong Kong; dólar hongkonés; Hongkong-Dollar; dollar de Hong Kong; Hong Kong Dollars
HRK Croatian Kuna; kuna croata; Kroatischer Kuna; kuna croate
HUF Hungarian Forint; fiorino ungherese; forinto húngaro; Ungarischer Forint; forint hongrois; Forint
IDR Indonesian Rupiah; rupia indonesiana; rupia indonesia; Indonesische Rupiah; roupie indonésienne; Rupiah
ILS Israeli New Shekel; nuovo siclo israeliano; nuevo séquel israelí; Israelischer Neuer Schekel; nouveau shekel israélien; Israeli Shekel; New Israeli Shekel; Shekel; New Shekel
INR Indian Rupee; rupia indiana; rupia india; Indische Rupie; roupie indienne; Indian Rupees
ISK Icelandic Króna; corona islandese; corona islandesa; Isländische Krone; couronne islandaise
JPY Japanese Yen; yen giapponese; yen japonés; Japanischer Yen; yen japonais; Yen
KES Kenyan Shilling; scellino keniota; chelín keniano; Kenia-Schilling; shilling kényan
KRW South Korean Won; won sudcoreano; won surcoreano; Südkoreanischer Won; won sud-coréen; Korean Won
KWD Kuwaiti Dinar; dinaro kuwaitiano; dinar kuwaití; Kuwait-Dinar; dinar koweïtien
KZT Kazakhstani Tenge; tenge kazako; tengue kazajo; Kasachischer Tenge; tenge kazakh
LKR Sri Lankan Rupee; rupia di Sri Lanka; rupia esrilanquesa; Sri-Lanka-Rupie; roupie srilankaise
MAD Moroccan Dirham; dirham marocchino; dírham marroquí; Marokkanischer Dirham; dirham marocain
MXN Mexican Peso; peso messicano; peso mexicano; Mexikanischer Peso; peso mexicain; Mexican Pesos
MYR Malaysian Ringgit; ringgit malese; ringit malasio; Malaysischer Ringgit; ringgit malais; Ringgit
NGN Nigerian Naira; naira nigeriana; naira nigeriano; Nigerianischer Naira; naira nigérian
NOK Norwegian Krone; corona norvegese; corona noruega; Norwegische Krone; couronne norvégienne; Norwegian Kroner
NZD New Zealand Dollar; dollaro neozelandese; dólar neozelandés; Neuseeland-Dollar; dollar néo-zélandais
OMR Omani Rial; rial omanita; rial omaní; Omanischer Rial; riyal omanais
PEN Peruvian Sol; sol peruviano; sol peruano; Peruanischer Sol; sol péruvien; Peruvian Nuevo Sol
PHP Philippine Peso; peso filippino; peso filipino; Philippinischer Peso; peso philippin
PKR Pakistani Rupee; rupia pakistana; rupia pakistaní; Pakistanische Rupie; roupie pakistanaise
PLN Polish Zloty; zloty polacco; esloti polaco; Polnischer Złoty; zloty polonais; Zloty
QAR Qatari Riyal; rial qatariano; rial catarí; Katar-Riyal; riyal qatari
RON Romanian Leu; leu rumeno; leu rumano; Rumänischer Leu; leu roumain
RUB Russian Ruble; rublo russo; rublo ruso; Russischer Rubel; rouble russe; Russian Rouble
SAR Saudi Riyal; riyal saudita; rial saudí; Saudi-Rial; riyal saoudien; Saudi Arabian Riyal
SEK Swedish Krona; corona svedese; corona sueca; Schwedische Krone; couronne suédoise; Swedish Kronor
SGD Singapore Dollar; dollaro di Singapore; dólar singapurense; Singapur-Dollar; dollar de Singapour; Singapore Dollars
THB Thai Baht; baht thailandese; bat tailandés; Thailändischer Baht; baht thaïlandais; Baht
TND Tunisian Dinar; dinaro tunisino; dinar tunecino; Tunesischer Dinar; dinar tunisien
TRY Turkish Lira; lira turca; Türkische Lira; livre turque; New Turkish Lira; Turkish New Lira
TWD New Taiwan Dollar; nuovo dollaro taiwanese; nuevo dólar taiwanés; Neuer Taiwan-Dollar; nouveau dollar taïwanais; Taiwan Dollar; Taiwanese Dollar; NT Dollar; Taiwanese Dollars
UAH Ukrainian Hryvnia; grivnia ucraina; grivna ucraniana; Ukrainische Hrywnja; hryvnia ukrainienne
USD US Dollar; dollaro statunitense; dólar estadounidense; dollar des États-Unis; U.S. Dollar; United States Dollar; Dollar; US Dollars; U.S. Dollars; Dollaro USA; Dólar USA; Dollar américain; Dollar US; USA Dollar; Dollari USA
UYU Uruguayan Peso; peso uruguayano; peso uruguayo; Uruguayischer Peso; peso uruguayen
VND Vietnamese Dong; dong vietnamita; Vietnamesischer Dong; dông vietnamien
ZAR South African Rand; rand sudafricano; Südafrikanischer Rand; rand sud-africain
`;
