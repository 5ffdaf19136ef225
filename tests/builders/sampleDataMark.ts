/** Begins the name of every test that needs the sample data folder; the reporter counts by it. */
export const sampleDataMark = 'sample data: ';
