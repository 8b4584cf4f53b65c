using FollowUp.Application.Bulk;

namespace FollowUp.Application.Instances;

/// <summary>Reads bulk bodies as a stream.</summary>
public interface IBulkReader
{
    /// <summary>Whether a charset can be read.</summary>
    /// <param name="charset">Its name, whatever its case.</param>
    /// <returns>True when it can.</returns>
    bool CanRead(string charset);

    /// <summary>Reads the rows one after the other. A row that cannot be read does not affect the next ones.</summary>
    /// <param name="reading">What the request says about it.</param>
    /// <returns>The rows. One that is fatal is the first and only one.</returns>
    IAsyncEnumerable<BulkRow> Read(Stream body, BulkFormat format, BulkReading reading, CancellationToken cancellationToken);
}
