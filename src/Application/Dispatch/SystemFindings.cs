using System.Globalization;

namespace FollowUp.Application.Dispatch;

/// <summary>What an operator should look at, each with what to do.</summary>
internal static class SystemFindings
{
    public static readonly TimeSpan Missing = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LateSteps = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongTransaction = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongDoubt = TimeSpan.FromDays(1);
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>The used part of the database's connections.</summary>
    public const double ManyConnections = 0.8;

    /// <summary>The part of dead rows, from <see cref="LeastDeadRows"/> on: autovacuum does not keep up with a small table that is updated quickly.</summary>
    public const double ManyDeadRows = 0.2;

    /// <summary>See <see cref="ManyDeadRows"/>.</summary>
    public const long LeastDeadRows = 1_000_000;

    private static readonly string[] Severities = ["critical", "warning", "info"];

    /// <summary>The findings, the most severe first.</summary>
    public static IEnumerable<FindingView> Of(SystemState state) =>
        Nodes(state).Concat(Sending(state)).Concat(Database(state)).OrderBy(finding => Array.IndexOf(Severities, finding.Severity));

    private static IEnumerable<FindingView> Nodes(SystemState state)
    {
        var system = state.View;
        var running = system.Nodes.Where(node => system.At - node.SeenAt <= Missing).ToList();
        if (!running.Exists(node => node.Lanes > 0))
        {
            yield return new(
                "noWorker",
                "critical",
                "No worker is running, so no step is executed.",
                "Start a node with Role=all or Role=worker."
            );
        }

        foreach (var node in system.Nodes.Except(running))
        {
            yield return new(
                "nodeMissing",
                "warning",
                $"The node {node.Id} has not reported since {node.SeenAt.UtcDateTime:u}.",
                "Check whether it was killed or has lost the database. Its steps are recovered when their leases expire. An hour after its last report it is no longer listed."
            );
        }

        foreach (var node in running)
        {
            var ahead = state.ClocksAhead.GetValueOrDefault(node.Id);
            if (ahead.Duration() > ClockDifference)
            {
                yield return new(
                    "clockDifference",
                    "warning",
                    $"The clock of the node {node.Id} is {Number(ahead.Duration().TotalSeconds)} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's.",
                    "Synchronize both with NTP. Steps use the database's clock, but the node checks access tokens by its own."
                );
            }
        }
    }

    private static IEnumerable<FindingView> Sending(SystemState state)
    {
        foreach (var breaker in state.View.Breakers.Where(breaker => breaker.State == "open"))
        {
            yield return new(
                "breakerOpen",
                "critical",
                $"The {breaker.Channel} provider is failing: {breaker.Cause ?? "no answer"}",
                "Check the provider's status page and the credentials. Steps wait without using up attempts and go out when a probe succeeds."
            );
        }

        if (state.OldestDue > LateSteps)
        {
            yield return new(
                "stepsLate",
                "warning",
                $"The oldest due step has waited for {Number(state.OldestDue.Value.TotalSeconds)} s.",
                "Raise Dispatcher:Lanes or start more workers (docs/operations.md, Sizing)."
            );
        }

        if (state.OldestDoubt > LongDoubt)
        {
            yield return new(
                "inDoubt",
                "warning",
                $"A step has been in doubt for {Number(state.OldestDoubt.Value.TotalHours)} h: it may or may not have been sent.",
                "Its user decides with POST /api/instances/{id}/resolve. InDoubt:OnNoEvidence=resend sends such steps again without asking."
            );
        }
    }

    private static IEnumerable<FindingView> Database(SystemState state)
    {
        var database = state.View.Database;
        if (database.OldestTransactionSeconds > LongTransaction.TotalSeconds)
        {
            yield return new(
                "longTransaction",
                "warning",
                $"A transaction has been open for {Number(database.OldestTransactionSeconds)} s.",
                "Find it in pg_stat_activity and end it: PostgreSQL keeps every dead row since it began."
            );
        }

        if (database.Connections > database.MostConnections * ManyConnections)
        {
            yield return new(
                "manyConnections",
                "warning",
                $"{database.Connections} of {database.MostConnections} connections are used.",
                "Raise max_connections, or lower Maximum Pool Size in the connection string."
            );
        }

        if (database.DeadTuples >= LeastDeadRows && database.DeadTuples > (state.Rows + database.DeadTuples) * ManyDeadRows)
        {
            yield return new(
                "deadTuples",
                "warning",
                $"The tables that change most have about {Number(database.DeadTuples)} dead rows.",
                "Look for old transactions, replication slots and prepared transactions, which keep autovacuum from removing them."
            );
        }
    }

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
