namespace FollowUp.Application.Bulk;

/// <summary>Limits of bulk calls.</summary>
public static class BulkLimits
{
    /// <summary>The maximum size of a body, in bytes: 1 GiB.</summary>
    public const long MostBytes = 1024L * 1024 * 1024;
}
