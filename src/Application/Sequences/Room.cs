using FollowUp.Application.Scheduling;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>The room that an owner's limits leave to the mails of a rehearsal.</summary>
internal sealed class Room
{
    /// <summary>A limit that puts a mail off for longer than that leaves no room at all.</summary>
    private const int MostPutOffs = 400;

    private readonly Dictionary<DateOnly, int> _own = [];
    private readonly Limits _limits;
    private readonly ILimits _store;
    private readonly EmailAddress _recipient;
    private DateTimeOffset? _last;

    private Room(Limits limits, ILimits store, EmailAddress recipient, DateTimeOffset? last) =>
        (_limits, _store, _recipient, _last) = (limits, store, recipient, last);

    /// <summary>The room that there is at present.</summary>
    public static async Task<Room> Of(OwnerId owner, EmailAddress recipient, ILimits store, CancellationToken cancellationToken) =>
        new(await store.Get(owner, cancellationToken), store, recipient, await store.LastAt(owner, cancellationToken));

    /// <summary>Puts the instance's next mail off for as long as there is no room, and then counts it.</summary>
    public async ValueTask<IReadOnlyList<MovedView>> PutOff(
        Instance instance,
        IReadOnlyList<Step> steps,
        bool isSkipped,
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
            if (await Refusal(instance, cancellationToken) is not { } refused)
            {
                break;
            }

            instance.PutOff(refused, steps, instance.Job.DueAt);
            moves.AddRange(instance.Job.WaitingFor.Select(MovedView.Of));
        }

        _last = instance.Job.DueAt;
        var day = _limits.DayOf(_last.Value);
        _own[day] = _own.GetValueOrDefault(day) + 1;
        return moves;
    }

    private async ValueTask<Move?> Refusal(Instance instance, CancellationToken cancellationToken)
    {
        var at = instance.Job!.DueAt;
        var day = _limits.DayOf(at);
        var own = _own.GetValueOrDefault(day);
        if (
            _limits.PerRecipientPerDay is { } each
            && own + await _store.TakenBy(instance.OwnerId, _recipient, day, cancellationToken) >= each
        )
        {
            return new Move(MoveReason.RecipientCap, _limits.NextDay(at));
        }

        if (_limits.MailsOn(day) is { } most && own + await _store.Taken(instance.OwnerId, day, cancellationToken) >= most)
        {
            return new Move(MoveReason.Cap, _limits.NextDay(at));
        }

        return _last + _limits.MinGap > at ? new Move(MoveReason.Gap, (_last + _limits.MinGap)!.Value) : null;
    }
}
