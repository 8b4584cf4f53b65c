using FollowUp.Application.Bulk;

namespace FollowUp.Application.Recipients;

/// <summary>Reads lists of addresses as a stream.</summary>
public interface ISuppressionReader
{
    /// <summary>Reads the rows one after the other. A row that cannot be read does not keep the next ones from being read.</summary>
    /// <param name="format">What it is written in.</param>
    /// <param name="charset">The charset of its content type, or null.</param>
    IAsyncEnumerable<SuppressionRow> Read(Stream body, BulkFormat format, string? charset, CancellationToken cancellationToken);
}
