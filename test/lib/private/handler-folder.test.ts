import { handlerFolder } from '../../../lib/private/handler-folder';

test('a handler that was not built is refused, with what to do', () => {
  expect(() => handlerFolder('no-such-task')).toThrow(
    "the handler 'no-such-task' is not built: run `npm run build` and synthesise again",
  );
});
