using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Bulk;

namespace FollowUp.Infrastructure.Instances;

/// <summary>Reads lists of recipients; a row that cannot be read does not affect the following ones.</summary>
internal sealed class BulkReader : IBulkReader
{
    public IAsyncEnumerable<BulkRow> Read(Stream body, BulkFormat format, BulkReading reading, CancellationToken cancellationToken) =>
        new Recipients(format, reading).Read(body, reading.Charset, cancellationToken);

    private sealed class Recipients(BulkFormat format, BulkReading reading) : BulkRows<BulkRow>
    {
        protected override IAsyncEnumerable<BulkRow> Rows(Stream utf8, CancellationToken cancellationToken) =>
            format == BulkFormat.Csv ? CsvRows.Read(utf8, reading, cancellationToken) : NdjsonRows.Read(utf8, cancellationToken);

        protected override int LineOf(BulkRow row) => row.Line;

        protected override BulkRow Fatal(int line, string? wrong) => new(line, null, wrong) { IsFatal = true };

        protected override BulkRow Limit(int line, BulkLimitException exceeded) =>
            new(line, null, exceeded.Message) { Code = exceeded.Code };
    }
}
