-- How the tables are stored that every step writes to.

-- Each page has room for new versions of its rows, so that an update stays on its page and touches no index (HOT). While a transaction is open for
-- long, nothing that was done meanwhile can be cleaned up. Instances that were enrolled together lie together and take their steps together: a
-- page has room for two more versions of each of its rows, and one of jobs for a claim's version, which is wider by owner and lease.
ALTER TABLE instance SET (fillfactor = 33);
-- Small and hot: vacuumed as soon as a few rows are dead.
ALTER TABLE step_job SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE attempt SET (fillfactor = 50);
