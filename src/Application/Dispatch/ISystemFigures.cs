namespace FollowUp.Application.Dispatch;

/// <summary>Reads the state of the installation. No figure belongs to a user.</summary>
public interface ISystemFigures
{
    /// <summary>The state, at most two seconds old.</summary>
    Task<SystemState> Read(CancellationToken cancellationToken);
}

/// <summary>The state of the installation, with the figures that only findings use.</summary>
/// <param name="View">What a response shows, without findings.</param>
/// <param name="ClocksAhead">How far the clock of each node is ahead of the database's, by the node's id; negative if it is behind.</param>
/// <param name="Rows">The estimated number of rows in the tables whose dead rows the view has.</param>
/// <param name="OldestDue">How long the oldest due step has waited, apart from those of providers that are down; null when none is due.</param>
/// <param name="OldestDoubt">How long ago the wait for the provider's event about a step in doubt ended; null when no step is in doubt.</param>
public sealed record SystemState(
    SystemView View,
    IReadOnlyDictionary<string, TimeSpan> ClocksAhead,
    long Rows,
    TimeSpan? OldestDue,
    TimeSpan? OldestDoubt
);
