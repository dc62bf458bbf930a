export const InstrumentPage = () => null;
