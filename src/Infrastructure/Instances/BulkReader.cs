namespace FollowUp.Infrastructure.Instances;

/// <summary>Reads lists of recipients; a row that cannot be read does not affect the following ones.</summary>
internal sealed class BulkReader : IBulkReader
{
    public IAsyncEnumerable<BulkRow<EnrolmentInput>> Read(
        Stream body,
        BulkFormat format,
        BulkReading reading,
        CancellationToken cancellationToken
    ) =>
        BulkRows.Read(
            body,
            reading.Charset,
            utf8 =>
                format == BulkFormat.Csv
                    ? CsvRows.Read(utf8, reading, cancellationToken)
                    : NdjsonRows.Read<EnrolmentInput>(utf8, cancellationToken),
            cancellationToken
        );
}
