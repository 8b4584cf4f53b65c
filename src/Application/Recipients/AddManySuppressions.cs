namespace FollowUp.Application.Recipients;

/// <summary>
/// Suppresses many addresses from a stream, for example the unsubscribed addresses of another system. Valid rows are stored regardless of
/// the others, in batches with a commit each. Repeating a call adds nothing twice; with the same idempotency key it returns the first
/// response, and addresses stored by an interrupted call count as existing.
/// </summary>
/// <param name="Charset">The charset of the body's content type, or null.</param>
public sealed record AddManySuppressions(Stream Body, BulkFormat Format, string? Charset) : IUnboundCommand<BulkSuppressionView>;

internal sealed class AddManySuppressionsHandler(
    ISuppressionReader reader,
    ISuppressionBatches batches,
    IDatabaseClock clock,
    ICaller caller,
    KeyedBulk keyed,
    TimeProvider time
) : ICommandHandler<AddManySuppressions, BulkSuppressionView>
{
    private const int MaxRows = 1_000_000;
    private const int MaxErrors = 1_000;
    private const int BatchRows = 1_000;

    public async Task<Result<BulkSuppressionView>> Handle(AddManySuppressions command, CancellationToken cancellationToken)
    {
        await using var bounded = new BulkBody(command.Body, time);
        return await keyed.Run(
            Encoding.UTF8.GetBytes($"{nameof(AddManySuppressions)} {command.Format} {command.Charset}\n"),
            bounded,
            body => Add(command with { Body = body }, cancellationToken),
            view => view.IsFinal,
            cancellationToken
        );
    }

    private async Task<Result<BulkSuppressionView>> Add(AddManySuppressions command, CancellationToken cancellationToken)
    {
        var (total, added, existing, rejected) = (0, 0, 0, 0);
        List<BulkError> errors = [];
        var isFinal = true;
        List<Suppression> batch = new(BatchRows);
        var now = await clock.Now(cancellationToken);
        await foreach (var row in reader.Read(command.Body, command.Format, command.Charset, cancellationToken))
        {
            if (row.IsFatal)
            {
                return Error.Invalid($"line {row.Line}", row.Error!);
            }

            if (++total > MaxRows)
            {
                Reject(BulkError.Of(row.Line, BulkErrors.TooManyRows(MaxRows)));
                break;
            }

            var read = row.Input?.Read();
            if (read is not { IsSuccess: true })
            {
                Reject(read is null ? new(row.Line, row.Code, row.Error!) : BulkError.Of(row.Line, read));
                continue;
            }

            var (channel, address, reason) = read.Value;
            batch.Add(Suppression.Create(caller.OwnerId, channel, address, reason, SuppressionSource.Import, now));
            if (batch.Count == BatchRows)
            {
                await Store();
                now = await clock.Now(cancellationToken);
            }
        }

        await Store();
        return new BulkSuppressionView(total, added, existing, rejected, errors) { IsFinal = isFinal };

        async Task Store()
        {
            var stored = batch.Count == 0 ? 0 : await batches.Store(batch, cancellationToken);
            (added, existing) = (added + stored, existing + batch.Count - stored);
            batch.Clear();
        }

        void Reject(BulkError error)
        {
            rejected++;
            isFinal &= !BulkErrors.IsTemporary(error.Code);
            if (errors.Count < MaxErrors)
            {
                errors.Add(error);
            }
        }
    }
}
