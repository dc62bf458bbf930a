export {
  cusipFromIsin,
  isinFromCusip,
  isinFromSedol,
  sedolFromIsin,
  validCusip,
  validFigi,
  validIsin,
  validLei,
  validSedol,
} from '@pm/domain/identifiers';
