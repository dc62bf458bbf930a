/**
 * Exchanges: ISO 10383 operating or segment MIC, ISO country, then the words by which issuers name it. Two words are
 * never shared; an exchange that is missing costs a warning, never a guess.
 */
export const EXCHANGE_TABLE = `
XNYS US New York Stock Exchange; New York Stock Exchange Inc.; NYSE; NYSE Euronext New York
XNAS US NASDAQ; Nasdaq Stock Market; NASDAQ/NGS (Global Select Market); NASDAQ/NMS (Global Market); Nasdaq Global Select; Nasdaq Inc
XASE US NYSE American; NYSE MKT; Nyse Mkt Llc; American Stock Exchange; NYSE Amex
ARCX US NYSE Arca
BATS US Cboe BZX; Cboe BZX formerly known as BATS; BATS; Bats Global Markets; Cboe BZX U.S. Equities Exchange
OTCM US OTC Markets; OTC Markets Group; Non-Nms Quotation Service (Nnqs); Pink Sheets
XIOM US Index And Options Market; CME Index and Options Market
XCME US Chicago Mercantile Exchange; CME
XCBT US Chicago Board of Trade; CBOT
XCBO US Chicago Board Options Exchange; Cboe Options Exchange
IFUS US Ice Futures U.S.; ICE Futures US
XTSE CA Toronto Stock Exchange; TSX
XTSX CA TSX Venture Exchange; TSXV
XMOD CA Montreal Exchange; The Montreal Exchange
NEOE CA Neo Exchange; Cboe Canada
XMEX MX Bolsa Mexicana De Valores; Mexican Stock Exchange; Mexico Stock Exchange
BVMF BR XBSP; B3; B3 S.A.; Bm&Fbovespa; BM&FBOVESPA S.A. - Bolsa De Valores; Sao Paulo Stock Exchange; Bovespa
XSGO CL Santiago Stock Exchange; Bolsa de Santiago; Bolsa De Comercio De Santiago
XBOG CO Bolsa De Valores De Colombia; Colombia Stock Exchange
XLIM PE Bolsa De Valores De Lima; Lima Stock Exchange
XBUE AR Bolsa De Comercio De Buenos Aires; Buenos Aires Stock Exchange; Bolsas y Mercados Argentinos
XLON GB London Stock Exchange; LSE; London Stock Exchange - AIM; London
AIMX GB AIM; Alternative Investment Market
IFLL GB ICE Futures Europe - Financial Products; Liffe; NYSE Liffe London
IFEU GB ICE Futures Europe
XLME GB London Metal Exchange
XDUB IE Irish Stock Exchange - All Market; Irish Stock Exchange; Euronext Dublin; Irish Stock Exchange - Main Market
XPAR FR Nyse Euronext - Euronext Paris; Euronext Paris; Paris
XMAT FR Euronext Paris Matif; Euronext Derivatives Paris
XAMS NL Euronext Amsterdam; Nyse Euronext - Euronext Amsterdam; Amsterdam
XEUE NL Euronext Derivatives Amsterdam; Euronext Eqf, Equities And Indices Derivatives
XBRU BE Nyse Euronext - Euronext Brussels; Euronext Brussels; Brussels
XLIS PT Nyse Euronext - Euronext Lisbon; Euronext Lisbon; Lisbon
XETR DE Xetra; Deutsche Boerse Xetra; Deutsche Börse Xetra; Xetra, Frankfurt
XFRA DE Boerse Frankfurt; Deutsche Boerse AG; Deutsche Börse AG; Frankfurt Stock Exchange; Frankfurt; Börse Frankfurt
XBER DE Boerse Berlin; Börse Berlin
XEUR DE Eurex Deutschland; Eurex
XSWX CH SIX Swiss Exchange; Swiss Exchange; SIX Swiss Exchange Ag; Six Swiss Ex
XVTX CH SIX Swiss Exchange - Blue Chips Segment; Virt-x
XMIL IT Borsa Italiana; Euronext Milan; Milan Stock Exchange; Borsa Italiana S.p.A.; MTAA
XDMI IT Italian Derivatives Market; Borsa Italiana Idem
XMAD ES Bolsa De Madrid; Madrid Stock Exchange; Bolsas y Mercados Espanoles; BME; Mercado Continuo Espanol - Continuous Market; Mercado Continuo Español; Mercado Continuo
XMRV ES Meff Financial Derivatives; MEFF Renta Variable; MEFF
XWBO AT Wiener Boerse Ag; Wiener Börse; Vienna Stock Exchange; Wiener Boerse Ag Amtlicher Handel (Official Market)
XSTO SE Nasdaq Omx Nordic; Nasdaq Stockholm; Nasdaq Stockholm AB; Omx Nordic Exchange Stockholm Ab; Stockholm Stock Exchange; Nasdaq Omx Nordic Stockholm; Nasdaq Nordic Stockholm
XCSE DK Omx Nordic Exchange Copenhagen A/S; Nasdaq Copenhagen; Nasdaq Copenhagen A/S; Copenhagen Stock Exchange
XHEL FI Nasdaq Omx Helsinki Ltd.; Nasdaq Helsinki; Nasdaq Helsinki Ltd; Omx Nordic Exchange Helsinki Oy; Helsinki Stock Exchange
XICE IS Nasdaq Iceland; Nasdaq Omx Iceland; First North Iceland
XOSL NO Oslo Bors Asa; Oslo Bors; Oslo Børs; Oslo Stock Exchange; Euronext Oslo
XLUX LU Luxembourg Stock Exchange; Bourse de Luxembourg
XWAR PL Warsaw Stock Exchange; Warsaw Stock Exchange/Equities/Main Market
XPRA CZ Prague Stock Exchange; Prague
XBUD HU Budapest Stock Exchange
XBSE RO Bucharest Stock Exchange; Spot Regulated Market - Bvb
XBUL BG Bulgarian Stock Exchange
XZAG HR Zagreb Stock Exchange
XLJU SI Ljubljana Stock Exchange
XTAL EE Nasdaq Tallinn; Tallinn Stock Exchange
XLIT LT Nasdaq Vilnius
XRIS LV Nasdaq Riga
XATH GR Athens Exchange S.A. Cash Market; Athens Stock Exchange; Athens Exchange; Athens Exchange S.A.
XCYS CY Cyprus Stock Exchange
XIST TR Istanbul Stock Exchange; Borsa Istanbul; BIST
MISX RU Moscow Exchange; Micex; Moex
RTSX RU Standard-Classica-Forts; Russian Trading System; RTS
XTAE IL Tel Aviv Stock Exchange; Tel-Aviv Stock Exchange
XSAU SA Saudi Stock Exchange; Tadawul; Saudi Exchange
XADS AE Abu Dhabi Securities Exchange
XDFM AE Dubai Financial Market
DIFX AE Nasdaq Dubai
DSMD QA Qatar Exchange; Qatar Stock Exchange; Doha Securities Market
XKUW KW Kuwait Stock Exchange; Boursa Kuwait
XBAH BH Bahrain Bourse; Bahrain Stock Exchange
XMUS OM Muscat Securities Market; Muscat Stock Exchange
XAMM JO Amman Stock Exchange
XCAI EG Egyptian Exchange; The Egyptian Exchange; Egyptian Stock Exchange
XCAS MA Casablanca Stock Exchange; Bourse de Casablanca
XNAI KE Nairobi Securities Exchange; Nairobi Stock Exchange
XNSA NG Nigerian Stock Exchange; The Nigerian Stock Exchange; Nigerian Exchange
XMAU MU Stock Exchange of Mauritius; Stock Exchange Of Mauritius Ltd
XJSE ZA Johannesburg Stock Exchange; JSE; JSE Securities Exchange
XSAF ZA South African Futures Exchange; SAFEX
XTKS JP Tokyo Stock Exchange; Tokyo; TSE; Japan Exchange Group; Tokyo Stock Exchange - Prime Market
XOSE JP Osaka Securities Exchange; Osaka Exchange; Osaka Stock Exchange
XNGO JP Nagoya Stock Exchange
XFKA JP Fukuoka Stock Exchange
XSAP JP Sapporo Securities Exchange; Sapporo Stock Exchange
XHKG HK Hong Kong Exchanges And Clearing Ltd; Hong Kong Stock Exchange; Stock Exchange of Hong Kong; HKEX; Hong Kong
XHKF HK Hong Kong Futures Exchange; Hong Kong Futures Exchange Ltd
XSHG CN Shanghai Stock Exchange; Shanghai
XSHE CN Shenzhen Stock Exchange; Shenzhen
SHSC CN Shanghai - Hong Kong Stock Connect; Stock Connect Shanghai
SZSC CN Shenzhen - Hong Kong Stock Connect; Stock Connect Shenzhen
XTAI TW Taiwan Stock Exchange; TWSE
ROCO TW Gretai Securities Market; Taipei Exchange; TPEx
XTAF TW Taiwan Futures Exchange
XKRX KR Korea Exchange (Stock Market); Korea Exchange; KRX; Kospi; Korea New Exchange (Konex)
XKOS KR Korea Exchange (Kosdaq); Kosdaq
XKFE KR Korea Exchange (Futures Market)
XNSE IN National Stock Exchange Of India; NSE; NSE India
XBOM IN Bse Ltd; Bombay Stock Exchange; BSE India
XSES SG Singapore Exchange; SGX; Singapore Stock Exchange; Singapore
XSCE SG Singapore Commodity Exchange
XSIM SG Singapore Exchange Derivatives Clearing Limited; Singapore Exchange Derivatives
XBKK TH Stock Exchange Of Thailand; Thailand Stock Exchange; SET
XKLS MY Bursa Malaysia; Kuala Lumpur Stock Exchange
XIDX ID Indonesia Stock Exchange; Jakarta Stock Exchange
XPHS PH Philippine Stock Exchange Inc.; Philippine Stock Exchange
HSTC VN Hanoi Stock Exchange
XSTC VN Ho Chi Minh Stock Exchange; Hochiminh Stock Exchange
XKAR PK Pakistan Stock Exchange; Karachi Stock Exchange; Pakistan Stock Exchange Ltd; The Pakistan Stock Exchange Limited
XDHA BD Dhaka Stock Exchange
XCOL LK Colombo Stock Exchange
XKAZ KZ Kazakhstan Stock Exchange
XASX AU Asx - All Markets; Australian Securities Exchange; ASX; Australian Stock Exchange
XSFE AU Asx - Trade24; Sydney Futures Exchange; SFE
XNZE NZ New Zealand Exchange Ltd; New Zealand Stock Exchange; NZX
`;

/** Words for "on no exchange". */
export const NO_EXCHANGE_WORDS = `
NO MARKET (E.G. UNLISTED); No Market; Unlisted; Not listed; OTC; Over the counter; Off exchange; XXXX; Non quotato;
No cotizado; Nicht börsennotiert; Non coté; Private; Otc - Over The Counter; XOFF
`;
