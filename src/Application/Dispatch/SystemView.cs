namespace FollowUp.Application.Dispatch;

/// <summary>The state of the installation, for operators.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Nodes">The nodes that were seen in the last hour, at most 200, except those that stopped regularly.</param>
/// <param name="Queue">The steps in the outbox by channel and state.</param>
/// <param name="QueueAt">When this node counted the queue: the larger it is, the less often. Null until the first count has ended.</param>
/// <param name="Breakers">The channels, each with what happened to it lately.</param>
/// <param name="Database">The database.</param>
/// <param name="Findings">What an operator should look at, the most severe first.</param>
public sealed record SystemView(
    DateTimeOffset At,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyList<QueueCount> Queue,
    DateTimeOffset? QueueAt,
    IReadOnlyList<BreakerView> Breakers,
    DatabaseView Database,
    IReadOnlyList<FindingView> Findings
);

/// <summary>A node.</summary>
/// <param name="Id">The node and its start, as in <c>why</c> for a step that it executes.</param>
/// <param name="Role"><c>all</c>, <c>api</c> or <c>worker</c>.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Lanes">How many steps it executes at once; 0 for a node without a worker.</param>
/// <param name="Busy">How many steps it was executing.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="SeenAt">When it last reported, which it does every 5 seconds.</param>
public sealed record NodeView(
    string Id,
    [property: OneOf("all", "api", "worker")] string Role,
    string Version,
    int Lanes,
    int Busy,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt
);

/// <summary>The number of steps of a channel in a state.</summary>
/// <param name="Channel"><c>EMAIL</c>, <c>SMS</c>, or <c>WAIT</c> for waits.</param>
/// <param name="State">
/// <c>scheduled</c> (not due yet), <c>due</c>, <c>leased</c> (being executed), <c>parked</c> (waiting for a user) or <c>inDoubt</c>.
/// </param>
/// <param name="Count">The number of steps.</param>
public sealed record QueueCount(
    [property: OneOf("EMAIL", "SMS", "WAIT")] string Channel,
    [property: OneOf("scheduled", "due", "leased", "parked", "inDoubt")] string State,
    long Count
)
{
    /// <summary>The state of steps that are due.</summary>
    internal const string Due = "due";
}

/// <summary>A channel's circuit breaker.</summary>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="State"><c>closed</c>, <c>open</c> or <c>recovering</c>, as in the overview.</param>
/// <param name="Cause">What the provider or the network answered; null unless the provider is down.</param>
/// <param name="ProbeAt">When the provider is tried next; null unless it is down.</param>
/// <param name="History">The last 20 transitions of the last 30 days, newest first.</param>
public sealed record BreakerView(
    [property: OneOf("EMAIL", "SMS")] string Channel,
    [property: OneOf("closed", "open", "recovering")] string State,
    string? Cause,
    DateTimeOffset? ProbeAt,
    IReadOnlyList<BreakerTransition> History
);

/// <summary>A transition of a breaker.</summary>
/// <param name="State"><c>opened</c>, <c>probeFailed</c> or <c>closed</c>.</param>
/// <param name="Cause">What the provider or the network answered; null when there is none.</param>
/// <param name="At">When it happened.</param>
public sealed record BreakerTransition([property: OneOf("opened", "probeFailed", "closed")] string State, string? Cause, DateTimeOffset At);

/// <summary>The database.</summary>
/// <param name="Bytes">The size of the database with all indexes.</param>
/// <param name="Connections">The connections to it, of all programs.</param>
/// <param name="MostConnections">PostgreSQL's <c>max_connections</c>.</param>
/// <param name="OldestTransactionSeconds">The age of the oldest transaction; 0 when there is none.</param>
/// <param name="DeadTuples">The estimated number of dead rows in the tables that change most, which statements have to read past.</param>
public sealed record DatabaseView(long Bytes, int Connections, int MostConnections, double OldestTransactionSeconds, long DeadTuples);

/// <summary>A finding.</summary>
/// <param name="Code">
/// <c>noWorker</c>, <c>nodeMissing</c>, <c>clockDifference</c>, <c>breakerOpen</c>, <c>stepsLate</c>, <c>inDoubt</c>, <c>longTransaction</c>,
/// <c>manyConnections</c> or <c>deadTuples</c>.
/// </param>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do.</param>
public sealed record FindingView(
    [property: OneOf(
        "noWorker",
        "nodeMissing",
        "clockDifference",
        "breakerOpen",
        "stepsLate",
        "inDoubt",
        "longTransaction",
        "manyConnections",
        "deadTuples"
    )]
        string Code,
    [property: OneOf("critical", "warning", "info")] string Severity,
    string Message,
    string Fix
);
