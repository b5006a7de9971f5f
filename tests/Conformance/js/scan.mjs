// What a phone's camera reads in a picture, PICTURE: the text of the QR code that is in it, or nothing.
import { readFile } from 'node:fs/promises';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

const picture = PNG.sync.read(await readFile(process.env.PICTURE));
console.log(jsQR(picture.data, picture.width, picture.height)?.data ?? '');
