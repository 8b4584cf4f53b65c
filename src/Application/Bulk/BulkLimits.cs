namespace FollowUp.Application.Bulk;

/// <summary>Limits of bulk calls.</summary>
public static class BulkLimits
{
    /// <summary>The most bytes of a body: 1 GiB.</summary>
    public const long MostBytes = 1024L * 1024 * 1024;
}
