using Npgsql;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The connections of the statements that every step takes. Each of these statements has one right plan: follow the indexes, row by row. Their
/// connections allow no other, because a planner that meets an almost empty table at start-up would keep a plan that reads it whole, and planning
/// anew each time is a good part of what such a statement costs. The driver prepares what it meets again and again, once a connection.
/// </summary>
/// <remarks>
/// The order of locks, which every statement of the program keeps: operation, sequence, instances, jobs, attempts, counters (of an address, then of
/// an owner). Rows of one table are locked in the order of instance ids, or of their own ids where they belong to no instance; a statement that
/// cannot keep an order, because it goes by an index of due jobs, passes over locked rows (SKIP LOCKED) and so waits for none. An UPDATE or DELETE of
/// several rows locks them in the order of its plan, so it follows a SELECT ... ORDER BY ... FOR UPDATE. A breaker's row is locked alone.
/// </remarks>
/// <param name="connections">The pool. A sandbox has one only, which serves here too.</param>
internal sealed class EngineDatabase(NpgsqlDataSource connections) : IAsyncDisposable
{
    /// <summary>The pool.</summary>
    public NpgsqlDataSource Connections => connections;

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
