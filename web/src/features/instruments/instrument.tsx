export const InstrumentPage = () => null
