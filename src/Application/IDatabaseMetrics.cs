namespace FollowUp.Application;

/// <summary>Exports whether this node reaches the database.</summary>
public interface IDatabaseMetrics
{
    /// <summary>Notes whether the database was reached at the last attempt.</summary>
    /// <param name="reachable">Whether it was.</param>
    void DatabaseReachable(bool reachable);
}
