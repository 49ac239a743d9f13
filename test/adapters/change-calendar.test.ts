import { GetCalendarStateCommand, InvalidDocument, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { ChangeCalendars } from '../../lambda/adapters/change-calendar';

const ssm = mockClient(SSMClient);
const calendars = new ChangeCalendars(new SSMClient({ region: 'eu-west-1' }));

beforeEach(() => ssm.reset());

test('asks for each calendar, and says when that changes', async () => {
  ssm
    .on(GetCalendarStateCommand, { CalendarNames: ['Freeze'] })
    .resolves({ State: 'CLOSED', NextTransitionTime: '2026-11-23T12:00:00Z' });
  ssm.on(GetCalendarStateCommand, { CalendarNames: ['Sales'] }).resolves({ State: 'OPEN' });
  expect(await calendars.states(['Freeze', 'Sales'])).toEqual([
    { calendar: 'Freeze', isOpen: false, changesAt: Date.parse('2026-11-23T12:00:00Z') },
    { calendar: 'Sales', isOpen: true },
  ]);
});

test('without calendars nothing is asked', async () => {
  expect(await calendars.states([])).toEqual([]);
  expect(ssm).toHaveReceivedCommandTimes(GetCalendarStateCommand, 0);
});

test('one that cannot be read is told by its name, with what to do', async () => {
  ssm.on(GetCalendarStateCommand).rejects(new InvalidDocument({ message: 'There is none.', $metadata: {} }));
  await expect(calendars.states(['Freeze'])).rejects.toMatchObject({
    name: 'CalendarUnavailable',
    message: expect.stringMatching(/^The change calendar Freeze .*InvalidDocument: There is none.*ssm:GetCalendarState.*deploy/),
    data: { calendar: 'Freeze' },
  });
});
