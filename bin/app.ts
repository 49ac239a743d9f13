import { App } from 'aws-cdk-lib';
import { CitiesAmendment } from '../examples/cities/amendment-stack';
import { CitiesData } from '../examples/cities/data-stack';
import { CitiesPlan } from '../examples/cities/plan-stack';
import { CitiesReindex } from '../examples/cities/reindex-stack';
import { CitiesRollout } from '../examples/cities/rollout-stack';

/** The example: the data in one stack, each change of it in another, and the plan of all of them. `-c profile=rehearsal` makes it fast and disposable. */
const app = new App();
const rehearsal = app.node.tryGetContext('profile') === 'rehearsal';
const staged = app.node.tryGetContext('staged') === 'true';
const watched = app.node.tryGetContext('watched') === 'true';
const { legacy, cities } = new CitiesData(app, 'CitiesData', { disposable: rehearsal });
const { change: rehydrate } = new CitiesRollout(app, 'CitiesRollout', { legacy, cities, rehearsal, staged, watched });
const { change: amend } = new CitiesAmendment(app, 'CitiesAmendment', { cities, rehearsal });
const { change: reindex } = new CitiesReindex(app, 'CitiesReindex', { cities, rehearsal });
new CitiesPlan(app, 'CitiesPlan', { rehydrate, amend, reindex, rehearsal });
