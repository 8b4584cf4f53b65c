namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The connections of the statements that every step runs. Each of these statements has one right plan: follow the indexes row by row. Their
/// connections allow no other plan, because a planner that finds an almost empty table at startup would keep a plan that scans it, and replanning
/// every time is a large part of such a statement's cost. The driver prepares repeated statements, once per connection.
/// </summary>
/// <remarks>
/// The lock order, which every statement of the program follows: operation, sequence, instances, jobs, attempts, counters (of an owner, then of an
/// address). Rows of one table are locked in the order of instance ids, or of their ids where they belong to no instance. A statement that cannot
/// follow the order because it reads an index of due jobs skips locked rows (SKIP LOCKED) and therefore never waits. So does a statement that works
/// for all owners, because a lock of one owner's row may last long (docs/adr/0120). An UPDATE or DELETE of several
/// rows locks them in the order of its plan, so it follows a SELECT ... ORDER BY ... FOR UPDATE. A breaker's row is locked alone.
/// </remarks>
/// <param name="connections">The pool. A sandbox has a single pool, which is used here too.</param>
internal sealed class EngineDatabase(NpgsqlDataSource connections) : IAsyncDisposable
{
    public NpgsqlDataSource Connections => connections;

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
