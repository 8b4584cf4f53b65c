using FollowUp.Application.Bulk;

namespace FollowUp.Application.Instances;

/// <summary>Reads bulk bodies as a stream.</summary>
public interface IBulkReader
{
    /// <summary>Reads the rows one by one. An unreadable row does not affect the next ones.</summary>
    /// <param name="reading">How the request describes the body.</param>
    /// <returns>The rows. A fatal row is the first and only one.</returns>
    IAsyncEnumerable<BulkRow<EnrolmentInput>> Read(
        Stream body,
        BulkFormat format,
        BulkReading reading,
        CancellationToken cancellationToken
    );
}
