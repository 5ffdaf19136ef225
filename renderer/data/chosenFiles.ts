import type { ChosenFile } from './imports.ts';

/** Files of a file or folder field, with their folders in the name. */
export function filesOfInput(list: FileList | null): ChosenFile[] {
  return [...(list ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
}

/** Files and the content of folders that were dropped, in the order of their names. */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  // The list empties itself at the first pause, so every entry is taken before any is read.
  const items = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found: ChosenFile[] = [];
  for (const { entry, file } of items) {
    if (entry) await collect(entry, found);
    else if (file) found.push({ file, name: file.name });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function collect(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  const name = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((done, failed) => entry.file(done, failed));
    found.push({ file, name });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A folder hands out its entries in portions; an empty one is the end.
    for (;;) {
      const portion = await new Promise<FileSystemEntry[]>((done, failed) =>
        reader.readEntries(done, failed),
      );
      if (portion.length === 0) return;
      for (const child of portion) await collect(child, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
