using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// The connections of the statements that every step takes. Each of these statements has one right plan: follow the indexes, row by row. Their
/// connections allow no other, because a planner that meets an almost empty table at start-up would keep a plan that reads it whole, and planning
/// anew each time is a good part of what such a statement costs. The driver prepares what it meets again and again, once a connection.
/// </summary>
/// <param name="connections">The pool. A sandbox has one only, which serves here too.</param>
internal sealed class EngineDatabase(NpgsqlDataSource connections) : IAsyncDisposable
{
    /// <summary>The pool.</summary>
    public NpgsqlDataSource Connections => connections;

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
