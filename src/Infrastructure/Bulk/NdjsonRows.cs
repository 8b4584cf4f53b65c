using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Rows of NDJSON: the body of the single call, once a line. Blank lines are passed over.</summary>
internal static class NdjsonRows
{
    private const int LongestLine = 1024 * 1024;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
    };

    public static async IAsyncEnumerable<BulkRow> Read(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        var (line, skipping) = (0, false);
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, read.IsCompleted, out var text))
            {
                line++;
                if (skipping)
                {
                    skipping = false;
                }
                else if (Row(line, text) is { } row)
                {
                    yield return row;
                }
            }

            if (rest.Length > LongestLine)
            {
                // The rest of such a line is passed over as it arrives, so that it need not be held in memory.
                if (!skipping)
                {
                    yield return new BulkRow(line + 1, null, $"The line is longer than {LongestLine} bytes.");
                }

                skipping = true;
                rest = rest.Slice(rest.End);
            }

            pipe.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        await pipe.CompleteAsync();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
        {
            return false;
        }

        rest = rest.Slice(rest.End);
        return true;
    }

    private static BulkRow? Row(int line, in ReadOnlySequence<byte> text)
    {
        var bytes = text.ToArray().AsSpan().Trim(" \t\r"u8);
        if (line == 1 && bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (bytes.IsEmpty)
        {
            return null;
        }

        try
        {
            var input = JsonSerializer.Deserialize<EnrolmentInput>(bytes, Format);
            return input is null ? new BulkRow(line, null, "The line must be an object.")
                : HasNull(input) ? new BulkRow(line, null, "The line must not hold the character U+0000.")
                : new BulkRow(line, input, null);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            var field = (failure as JsonException)?.Path is { Length: > 2 } path ? path[2..] : null;
            return new BulkRow(
                line,
                null,
                field is null || !failure.Message.Contains("could not be", StringComparison.Ordinal)
                    ? "The line is not valid JSON."
                    : $"The field {field} is unknown or has the wrong type."
            );
        }
    }

    private static bool HasNull(EnrolmentInput input) =>
        new[] { input.Recipient?.Email, input.Recipient?.Name, input.Recipient?.Phone, input.Recipient?.TimeZone, input.OfferId }.Any(
            text => text?.Contains('\0', StringComparison.Ordinal) == true
        );
}
