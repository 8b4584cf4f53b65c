using System.Globalization;

namespace FollowUp.Application.Instances;

/// <summary>Enrols many recipients in one of the caller's sequences, from a stream. Valid rows are enrolled regardless of the others.</summary>
public sealed record EnrollMany(SequenceId SequenceId, Stream Body, BulkFormat Format) : IUnboundCommand<BulkView>
{
    /// <summary>How the request describes the body.</summary>
    public BulkReading Reading { get; init; } = BulkReading.Default;

    /// <summary>Whether to check everything and store nothing.</summary>
    public bool DryRun { get; init; }
}

internal sealed class EnrollManyHandler(
    IBulkEnrolment enrolment,
    IBulkReader reader,
    IDatabaseClock clock,
    ICaller caller,
    IIdempotencyKeys keys,
    KeyedBulk keyed,
    ISendingPlans plans,
    IVersionVariables variables,
    ITemplateRenderer templates,
    TimeProvider time
) : ICommandHandler<EnrollMany, BulkView>
{
    public const int MostRows = 1_000_000;

    /// <summary>
    /// The number of rows whose templates are rendered to find steps that will fail: enough to find a misread column, in a fraction of a
    /// second.
    /// </summary>
    private const int CheckedRows = 1_000;

    /// <summary>The same in a dry run, whose purpose is finding errors.</summary>
    private const int CheckedRowsOfDryRun = 20_000;

    /// <summary>
    /// With an idempotency key, the instances' ids are derived from the key and the address: a repetition of an interrupted call finds the
    /// stored instances by their ids, even if they have ended since.
    /// </summary>
    public async Task<Result<BulkView>> Handle(EnrollMany command, CancellationToken cancellationToken)
    {
        await using var bounded = new BulkBody(command.Body, time);
        if (command.DryRun || caller.IdempotencyKey is not { } key)
        {
            return await Enroll(command with { Body = bounded }, null, cancellationToken);
        }

        return await keyed.Run(
            [.. command.SequenceId.Value.ToByteArray(), (byte)command.Format, .. command.Reading.Columns.ToBytes()],
            bounded,
            async body =>
            {
                var begun = await keys.Begin(key, cancellationToken);
                return await Enroll(
                    command with
                    {
                        Body = body,
                    },
                    new KeyedIds(caller.OwnerId, command.SequenceId, key, begun),
                    cancellationToken
                );
            },
            view => view.IsFinal,
            cancellationToken
        );
    }

    private async Task<Result<BulkView>> Enroll(EnrollMany command, KeyedIds? ids, CancellationToken cancellationToken)
    {
        if (await enrolment.Find(command.SequenceId, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (!sequence.Enabled && ids is not { IsRepeated: true })
        {
            return SequenceErrors.Disabled;
        }

        var now = await clock.Now(cancellationToken);
        var steps = sequence.Current.Steps;
        var needsPhone = steps.Any(step => step is SmsStep);
        var check = new EnrolmentCheck(sequence.Current, sequence.Name, variables, templates, new RenderAllowance());
        var mostChecked = command.DryRun ? CheckedRowsOfDryRun : CheckedRows;
        var tally = new BulkTally();
        IReadOnlyList<BulkColumn>? columns = null;
        // Collected over the whole body: an id shared by two rows would count as stored for both.
        HashSet<InstanceId> given = [];
        var batch = new BulkBatch(sequence, ids, given, caller.Actor);
        // By the recipient's time zone. The next batch reads the plans again: the calendar may change during a long body.
        Dictionary<string, SendingPlan?> plansOfBatch = [];
        await using var stores = new BulkStores(enrolment, tally, command.DryRun, cancellationToken);
        await foreach (var row in reader.Read(command.Body, command.Format, command.Reading, cancellationToken))
        {
            if (row.IsFatal)
            {
                return Error.Invalid(string.Create(CultureInfo.InvariantCulture, $"line {row.Line}"), row.Error!);
            }

            columns ??= row.Columns;
            if (++tally.Total > MostRows)
            {
                tally.Reject(BulkError.Of(row.Line, BulkErrors.TooManyRows(MostRows)));
                break;
            }

            if (row.Input is null)
            {
                tally.Reject(new(row.Line, row.Code, row.Error!));
                continue;
            }

            var read = row.Input.Read(now, needsPhone);
            if (!read.IsSuccess)
            {
                tally.Reject(BulkError.Of(row.Line, Result.Invalid(read.ValidationErrors.Select(error => WithColumn(error, columns)))));
                continue;
            }

            var zone = read.Value.Recipient.TimeZone;
            if (!plansOfBatch.TryGetValue(zone ?? "", out var plan))
            {
                plan = await plans.For(sequence.Schedule, zone, cancellationToken);
                plansOfBatch[zone ?? ""] = plan;
            }

            if (stores.Hold(read.Value) || !batch.Add(row.Line, read.Value, plan, now))
            {
                tally.Reject(BulkError.Of(row.Line, InstanceErrors.Repeated));
                continue;
            }

            if (row.OptOut is { } column)
            {
                tally.WarnOfOptOut(row.Line, column);
            }

            if (tally.Total <= mostChecked)
            {
                foreach (var warning in check.Of(read.Value))
                {
                    tally.Warn(row.Line, warning);
                }

                if (check.IsUsedUp)
                {
                    tally.Unchecked(row.Line);
                }
            }

            if (batch.Count == BulkBatch.Most)
            {
                await stores.Add(batch);
                batch = new BulkBatch(sequence, ids, given, caller.Actor);
                plansOfBatch.Clear();
                now = await clock.Now(cancellationToken);
            }
        }

        await stores.Add(batch);
        await stores.Done();
        if (!sequence.Enabled && !tally.HasEnrolled)
        {
            return SequenceErrors.Disabled;
        }

        return tally.ToView(columns);
    }

    private static ValidationError WithColumn(ValidationError error, IReadOnlyList<BulkColumn>? columns) =>
        columns?.FirstOrDefault(each => each.Field == error.Identifier) is { } column && column.Column != error.Identifier
            ? new(error.Identifier, $"{error.ErrorMessage} (column {column.Column})")
            : error;
}
