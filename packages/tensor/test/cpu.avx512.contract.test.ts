import { isaContract } from './isa-contract.js';

isaContract('avx512');
