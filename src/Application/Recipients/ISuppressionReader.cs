namespace FollowUp.Application.Recipients;

internal interface ISuppressionReader
{
    /// <summary>Reads the rows one by one. An unreadable row does not affect the next ones.</summary>
    IAsyncEnumerable<BulkRow<SuppressionInput>> Read(Stream body, BulkFormat format, string? charset, CancellationToken cancellationToken);
}
