using FollowUp.Application.Scheduling;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>
/// The room that an owner's limits leave to the mails of a preview, or to the next mail of an instance. Follow-ups that are due at present go
/// before first mails, as they do in the worker.
/// </summary>
internal sealed class Room
{
    /// <summary>A limit that puts a mail off for longer than that leaves no room at all.</summary>
    private const int MostPutOffs = 400;

    private readonly Dictionary<DateOnly, int> _own = [];
    private readonly Limits _limits;
    private readonly ILimits _store;
    private readonly EmailAddress _recipient;
    private readonly DateTimeOffset _now;
    private readonly int _followUpsDue;
    private DateTimeOffset? _last;

    private Room(Limits limits, ILimits store, EmailAddress recipient, DateTimeOffset now, DateTimeOffset? last, int followUpsDue) =>
        (_limits, _store, _recipient, _now, _last, _followUpsDue) = (limits, store, recipient, now, last, followUpsDue);

    /// <summary>The room that there is at present.</summary>
    public static async Task<Room> Of(
        OwnerId owner,
        EmailAddress recipient,
        ILimits store,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var limits = await store.Get(owner, cancellationToken);
        return limits.AreAny
            ? new(
                limits,
                store,
                recipient,
                now,
                await store.LastAt(owner, cancellationToken),
                await store.FollowUpsDue(owner, cancellationToken)
            )
            : new(limits, store, recipient, now, null, 0);
    }

    /// <summary>Puts the instance's next mail off for as long as there is no room, and then counts it.</summary>
    public async ValueTask<IReadOnlyList<MovedView>> PutOff(
        Instance instance,
        IReadOnlyList<Step> steps,
        bool isSkipped,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        if (instance.Job!.StepType != StepType.Email || isSkipped || !_limits.AreAny)
        {
            return [];
        }

        List<MovedView> moves = [];
        for (var i = 0; i < MostPutOffs; i++)
        {
            if (await Refusal(instance, from, cancellationToken) is not { } refused)
            {
                break;
            }

            instance.PutOff(refused, steps, from);
            from = instance.Job.DueAt;
            moves.AddRange(instance.Job.WaitingFor.Select(MovedView.Of));
        }

        _last = from;
        var day = _limits.DayOf(_last.Value);
        _own[day] = _own.GetValueOrDefault(day) + 1;
        return moves;
    }

    private async ValueTask<Move?> Refusal(Instance instance, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Who will be due on a later day is not known.
        var ahead = instance.Job!.IsFirst && at <= _now ? _followUpsDue : 0;
        var day = _limits.DayOf(at);
        var own = _own.GetValueOrDefault(day);
        if (
            _limits.PerRecipientPerDay is { } each
            && own + await _store.TakenBy(instance.OwnerId, _recipient, day, cancellationToken) >= each
        )
        {
            return new Move(MoveReason.RecipientCap, _limits.NextDay(at));
        }

        if (_limits.MailsOn(day) is { } most && own + await _store.Taken(instance.OwnerId, day, cancellationToken) + ahead >= most)
        {
            return new Move(MoveReason.Cap, _limits.NextDay(at));
        }

        if (_limits.MinGap is not { } gap)
        {
            return null;
        }

        var free = (_last is { } last && last + gap > at ? last + gap : at) + (gap * ahead);
        return free > at ? new Move(MoveReason.Gap, free) : null;
    }
}
