using System.Globalization;
using Ardalis.Result;
using FollowUp.Application.Accounts;
using FollowUp.Application.Behaviors;
using FollowUp.Application.Bulk;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>Enrols many recipients in one of the caller's sequences, from a stream. Good rows are enrolled whatever the others are.</summary>
/// <param name="SequenceId">Which sequence.</param>
/// <param name="Body">The rows.</param>
/// <param name="Format">Their format.</param>
public sealed record EnrollMany(SequenceId SequenceId, Stream Body, BulkFormat Format) : IUnboundCommand<BulkView>
{
    /// <summary>What the request says about the body.</summary>
    public BulkReading Reading { get; init; } = BulkReading.Default;

    /// <summary>Whether everything is checked and nothing stored.</summary>
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

    /// <summary>Rows whose templates are rendered to find steps that will fail: enough to find a column that is read wrongly, in a fraction of a second.</summary>
    private const int CheckedRows = 1_000;

    /// <summary>The same in a dry run, which is there for the finding.</summary>
    private const int CheckedRowsOfDryRun = 20_000;

    /// <summary>
    /// Under a key the instances' ids follow from it and the address: a repetition after the call was broken off finds those that were stored by their
    /// ids, also when they have ended since.
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
            view => view.Errors,
            cancellationToken
        );
    }

    private async Task<Result<BulkView>> Enroll(EnrollMany command, KeyedIds? ids, CancellationToken cancellationToken)
    {
        if (await enrolment.Find(command.SequenceId, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (!sequence.Enabled)
        {
            return SequenceErrors.Disabled.ToResult();
        }

        var now = await clock.Now(cancellationToken);
        var steps = sequence.Current.Steps;
        var needsPhone = steps.Any(step => step is SmsStep);
        var check = new EnrolmentCheck(sequence.Current, sequence.Name, variables, templates, new RenderAllowance());
        var mostChecked = command.DryRun ? CheckedRowsOfDryRun : CheckedRows;
        var tally = new BulkTally();
        IReadOnlyList<BulkColumn>? columns = null;
        // Of the whole body: an id that two rows have would count as stored for both.
        HashSet<InstanceId> given = [];
        var batch = new BulkBatch(sequence, ids, given);
        await using var stores = new BulkStores(enrolment, tally, command.DryRun, cancellationToken);
        await foreach (var row in reader.Read(command.Body, command.Format, command.Reading, cancellationToken))
        {
            if (row.IsFatal)
            {
                return Result.Invalid(new ValidationError(string.Create(CultureInfo.InvariantCulture, $"line {row.Line}"), row.Error!));
            }

            columns ??= row.Columns;
            if (++tally.Total > MostRows)
            {
                tally.Reject(
                    row.Line,
                    "tooManyRows",
                    $"A bulk call takes at most {MostRows} rows; this one and those after it were not read."
                );
                break;
            }

            if (row.Input is null)
            {
                tally.Reject(row.Line, row.Code, row.Error!);
                continue;
            }

            var read = row.Input.Read(now, needsPhone);
            if (!read.IsSuccess)
            {
                tally.Reject(row.Line, "invalid", string.Join("; ", read.ValidationErrors.Select(error => Explain(error, columns))));
                continue;
            }

            var plan = sequence.Schedule is { } schedule
                ? await plans.For(schedule, read.Value.Recipient.TimeZone, cancellationToken)
                : null;
            if (stores.Hold(read.Value) || !batch.Add(row.Line, read.Value, plan, now))
            {
                tally.Reject(row.Line, "alreadyEnrolled", "An earlier row names the same recipient.");
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
                batch = new BulkBatch(sequence, ids, given);
                now = await clock.Now(cancellationToken);
            }
        }

        await stores.Add(batch);
        await stores.Done();
        return tally.ToView(columns);
    }

    /// <summary>What is wrong with a row, with the name that its column has in the list.</summary>
    private static string Explain(ValidationError error, IReadOnlyList<BulkColumn>? columns) =>
        columns?.FirstOrDefault(each => each.Field == error.Identifier) is { } column && column.Column != error.Identifier
            ? $"{error.Identifier} {error.ErrorMessage} (column {column.Column})"
            : $"{error.Identifier} {error.ErrorMessage}";
}
