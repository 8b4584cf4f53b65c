namespace FollowUp.Application;

/// <summary>Exports whether this node reaches the database.</summary>
public interface IDatabaseMetrics
{
    /// <summary>Records whether the last attempt reached the database.</summary>
    void DatabaseReachable(bool reachable);
}
