/**
 * The Global Industry Classification Standard below its sectors (the structure of 2023 and the names before it).
 * Source: MSCI and S&P, "GICS structure".
 *
 * A line is an industry, after ":" the sub-industries that count as it. A line that begins with "*" is an industry group
 * of several industries, which counts as itself: which of them is meant is not known. A group of a single industry stands
 * beside that industry's name. After "=" stand other spellings of the name before it. A name that moved (travel agents,
 * payment processors) stands where it is now.
 */
export const INDUSTRY_TABLE = `
[Energy]
Energy Equipment & Services: Oil & Gas Drilling; Oil & Gas Equipment & Services
Oil, Gas & Consumable Fuels: Integrated Oil & Gas; Oil & Gas Exploration & Production; Oil & Gas Refining & Marketing; Oil & Gas Storage & Transportation; Coal & Consumable Fuels
[Materials]
Chemicals: Commodity Chemicals; Diversified Chemicals; Fertilizers & Agricultural Chemicals; Industrial Gases; Specialty Chemicals
Construction Materials
Containers & Packaging: Metal, Glass & Plastic Containers = Metal & Glass Containers; Paper & Plastic Packaging Products & Materials = Paper Packaging = Paper & Plastic Packaging
Metals & Mining: Aluminum = Aluminium; Diversified Metals & Mining; Copper; Gold; Precious Metals & Minerals; Silver; Steel
Paper & Forest Products: Forest Products; Paper Products
[Industrials]
* Capital Goods
Aerospace & Defense = Aerospace & Defence
Building Products
Construction & Engineering
Electrical Equipment: Electrical Components & Equipment; Heavy Electrical Equipment
Industrial Conglomerates
Machinery: Construction Machinery & Heavy Transportation Equipment = Construction Machinery & Heavy Trucks; Agricultural & Farm Machinery; Industrial Machinery & Supplies & Components = Industrial Machinery
Trading Companies & Distributors
* Commercial & Professional Services
Commercial Services & Supplies: Commercial Printing; Environmental & Facilities Services; Office Services & Supplies; Diversified Support Services; Security & Alarm Services
Professional Services: Human Resource & Employment Services; Research & Consulting Services; Data Processing & Outsourced Services
* Transportation
Air Freight & Logistics
Passenger Airlines = Airlines
Marine Transportation = Marine
Ground Transportation = Road & Rail: Rail Transportation = Railroads; Cargo Ground Transportation = Trucking; Passenger Ground Transportation
Transportation Infrastructure: Airport Services; Highways & Railtracks; Marine Ports & Services
[Consumer Discretionary]
* Automobiles & Components
Automobile Components = Auto Components: Automotive Parts & Equipment = Auto Parts & Equipment; Tires & Rubber
Automobiles: Automobile Manufacturers; Motorcycle Manufacturers
* Consumer Durables & Apparel
Household Durables: Consumer Electronics; Home Furnishings; Homebuilding; Household Appliances; Housewares & Specialties
Leisure Products = Leisure Equipment & Products
Textiles, Apparel & Luxury Goods: Apparel, Accessories & Luxury Goods; Footwear; Textiles
* Consumer Services
Hotels, Restaurants & Leisure: Casinos & Gaming; Hotels, Resorts & Cruise Lines; Leisure Facilities; Restaurants
Diversified Consumer Services: Education Services; Specialized Consumer Services
* Consumer Discretionary Distribution & Retail = Retailing
Distributors
Broadline Retail = Internet & Direct Marketing Retail = Multiline Retail: General Merchandise Stores; Department Stores; Internet Retail; Catalog Retail
Specialty Retail: Apparel Retail; Computer & Electronics Retail; Home Improvement Retail; Other Specialty Retail = Specialty Stores; Automotive Retail; Homefurnishing Retail
[Consumer Staples]
Consumer Staples Distribution & Retail = Food & Staples Retailing: Drug Retail; Food Distributors; Food Retail; Consumer Staples Merchandise Retail = Hypermarkets & Super Centers
* Food, Beverage & Tobacco
Beverages: Brewers; Distillers & Vintners; Soft Drinks & Non-alcoholic Beverages = Soft Drinks
Food Products: Agricultural Products & Services = Agricultural Products; Packaged Foods & Meats
Tobacco
* Household & Personal Products
Household Products
Personal Care Products = Personal Products
[Health Care]
* Health Care Equipment & Services
Health Care Equipment & Supplies: Health Care Equipment; Health Care Supplies
Health Care Providers & Services: Health Care Distributors; Health Care Services; Health Care Facilities; Managed Health Care
Health Care Technology
* Pharmaceuticals, Biotechnology & Life Sciences
Biotechnology
Pharmaceuticals
Life Sciences Tools & Services
[Financials]
Banks: Diversified Banks; Regional Banks
Thrifts & Mortgage Finance: Commercial & Residential Mortgage Finance
* Diversified Financials
Financial Services = Diversified Financial Services: Other Diversified Financial Services; Multi-Sector Holdings; Specialized Finance; Transaction & Payment Processing Services
Consumer Finance
Capital Markets: Asset Management & Custody Banks; Investment Banking & Brokerage; Diversified Capital Markets; Financial Exchanges & Data
Mortgage Real Estate Investment Trusts (REITs) = Mortgage REITs = Mortgage Real Estate Investment Trusts
Insurance: Insurance Brokers; Life & Health Insurance; Multi-line Insurance; Property & Casualty Insurance; Reinsurance
[Information Technology]
* Software & Services
IT Services: IT Consulting & Other Services; Internet Services & Infrastructure
Software: Application Software; Systems Software
* Technology Hardware & Equipment
Communications Equipment
Technology Hardware, Storage & Peripherals
Electronic Equipment, Instruments & Components: Electronic Equipment & Instruments; Electronic Components; Electronic Manufacturing Services; Technology Distributors
Semiconductors & Semiconductor Equipment: Semiconductor Materials & Equipment = Semiconductor Equipment; Semiconductors
[Communication Services]
Diversified Telecommunication Services: Alternative Carriers; Integrated Telecommunication Services
Wireless Telecommunication Services
* Media & Entertainment
Media: Advertising; Broadcasting; Cable & Satellite; Publishing
Entertainment: Movies & Entertainment; Interactive Home Entertainment
Interactive Media & Services: Internet Software & Services
[Utilities]
Electric Utilities
Gas Utilities
Multi-Utilities
Water Utilities
Independent Power & Renewable Electricity Producers: Independent Power Producers & Energy Traders; Renewable Electricity
[Real Estate]
* Equity Real Estate Investment Trusts (REITs) = Equity REITs = Equity Real Estate Investment Trusts
Diversified REITs
Industrial REITs
Hotel & Resort REITs
Office REITs
Health Care REITs
Residential REITs: Multi-Family Residential REITs; Single-Family Residential REITs
Retail REITs
Specialized REITs: Other Specialized REITs; Self-Storage REITs; Telecom Tower REITs; Timber REITs; Data Center REITs
Real Estate Management & Development: Diversified Real Estate Activities; Real Estate Operating Companies; Real Estate Development; Real Estate Services
`;
