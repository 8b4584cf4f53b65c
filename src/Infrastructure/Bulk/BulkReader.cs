using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Reads bulk bodies; a row that cannot be read does not keep the next ones from being read.</summary>
internal sealed class BulkReader : IBulkReader
{
    public IAsyncEnumerable<BulkRow> Read(Stream body, BulkFormat format, CancellationToken cancellationToken) =>
        format == BulkFormat.Csv ? CsvRows.Read(body, cancellationToken) : NdjsonRows.Read(body, cancellationToken);
}
