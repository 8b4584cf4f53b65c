namespace FollowUp.Application.Instances;

internal interface IBulkReader
{
    /// <summary>Reads the rows one by one. An unreadable row does not affect the next ones.</summary>
    /// <returns>The rows. A fatal row is the first and only one.</returns>
    IAsyncEnumerable<BulkRow<EnrolmentInput>> Read(
        Stream body,
        BulkFormat format,
        BulkReading reading,
        CancellationToken cancellationToken
    );
}
