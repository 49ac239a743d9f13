import { App } from 'aws-cdk-lib';
import { CitiesAmendment } from '../examples/cities/amendment-stack';
import { CitiesData } from '../examples/cities/data-stack';
import { CitiesRollout } from '../examples/cities/rollout-stack';

/** The example: the data in one stack, the rollout that moves it in another, and what changes it in place in a third. `-c profile=rehearsal` makes it fast and disposable. */
const app = new App();
const rehearsal = app.node.tryGetContext('profile') === 'rehearsal';
const staged = app.node.tryGetContext('staged') === 'true';
const watched = app.node.tryGetContext('watched') === 'true';
const { legacy, cities } = new CitiesData(app, 'CitiesData', { disposable: rehearsal });
new CitiesRollout(app, 'CitiesRollout', { legacy, cities, rehearsal, staged, watched });
new CitiesAmendment(app, 'CitiesAmendment', { cities, rehearsal });
