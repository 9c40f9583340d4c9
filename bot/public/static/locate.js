// Where one is, asked of the browser when the person taps and never by itself.
const FIX = 20000; // milliseconds to find the place in
const ANSWER = 60000; // … and to answer the browser's own question before
const FRESH = 30000; // a place found this recently is good
const WORDS = "也可以直接写在哪里，比如「3幢2单元」。";

export const NOT_ALLOWED = `浏览器没有让用定位。请在弹出的框里点「允许」，或者在手机设置里打开。${WORDS}`;
export const NOT_FOUND = `现在找不到您的位置。到窗边或室外再点一次。${WORDS}`;
export const TOO_LONG = `等了一会儿，还没找到您的位置。到窗边或室外再点一次。${WORDS}`;
const WHY = { 1: NOT_ALLOWED, 2: NOT_FOUND, 3: TOO_LONG };

// A page that is not safe (no https) gets no place from the browser.
export function possible() {
  return Boolean(window.isSecureContext && navigator.geolocation);
}

const degrees = (number) => Number(number.toFixed(6)); // a tenth of a metre

// {lat, lon, accuracy}: degrees WGS-84, metres. Rejects with words for the person.
export function here() {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(TOO_LONG)), ANSWER + FIX);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(timer);
        resolve({ lat: degrees(coords.latitude), lon: degrees(coords.longitude), accuracy: Math.round(coords.accuracy) });
      },
      (error) => {
        clearTimeout(timer);
        reject(new Error(WHY[error.code] ?? NOT_FOUND));
      },
      { enableHighAccuracy: true, timeout: FIX, maximumAge: FRESH },
    );
  });
}
