using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>A line and its number from 1. The bytes have no line break; they are null when the line was too long to be kept.</summary>
internal readonly record struct BodyLine(int Number, byte[]? Bytes);

/// <summary>Splits a body into lines as it arrives. LF, CRLF and CR end a line; a byte order mark is not part of the first one.</summary>
internal static class BodyLines
{
    public const int Longest = 1024 * 1024;

    public static async IAsyncEnumerable<BodyLine> Read(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            var (number, tooLong, completed) = (0, false, false);
            while (!completed)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                completed = read.IsCompleted;
                var rest = read.Buffer;
                while (TryTakeLine(ref rest, completed, out var line))
                {
                    number++;
                    yield return new BodyLine(number, tooLong || line.Length > Longest ? null : Bytes(line, number));
                    tooLong = false;
                }

                // A line that is too long is discarded as it arrives, so that it is not held in memory.
                if (rest.Length > Longest)
                {
                    tooLong = true;
                    // A CR at the end is kept, because it may be the first half of a CRLF.
                    rest = rest.Slice(rest.Length - 1);
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static byte[] Bytes(ReadOnlySequence<byte> line, int number)
    {
        var bytes = line.ToArray();
        return number == 1 && bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(rest);
        if (!reader.TryReadToAny(out line, "\r\n"u8, advancePastDelimiter: false))
        {
            line = rest;
            rest = isLast ? rest.Slice(rest.End) : rest;
            return isLast && !line.IsEmpty;
        }

        reader.TryRead(out var end);
        if (end == '\r')
        {
            if (!reader.TryPeek(out var next) && !isLast)
            {
                return false;
            }

            if (next == '\n')
            {
                reader.Advance(1);
            }
        }

        rest = rest.Slice(reader.Position);
        return true;
    }
}
