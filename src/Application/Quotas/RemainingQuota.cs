namespace FollowUp.Application.Quotas;

/// <summary>
/// The quota that an owner's limits and the operator's ceilings leave for the messages of a preview or for an instance's next message,
/// by the worker's rule (<see cref="SendQuota"/>) and with the counts that each message will find.
/// </summary>
internal sealed class RemainingQuota
{
    /// <summary>After this many deferrals no quota is expected at all.</summary>
    private const int MostPutOffs = 400;

    private readonly Dictionary<(Channel, DateOnly), int> _byChannel = [];
    private readonly ILimits _store;
    private readonly ICeilings _ceilings;
    private readonly EmailAddress _recipient;
    private readonly DateTimeOffset _now;
    private readonly Limits _limits;
    private readonly int _followUpsDue;
    private SendCount _sent;
    private (DateOnly Day, int Taken) _toRecipient;

    private RemainingQuota(
        ILimits store,
        ICeilings ceilings,
        EmailAddress recipient,
        DateTimeOffset now,
        (Limits Limits, SendCount Sent) owner,
        int followUpsDue
    )
    {
        (_store, _ceilings, _recipient, _now) = (store, ceilings, recipient, now);
        ((_limits, _sent), _followUpsDue) = (owner, followUpsDue);
    }

    /// <summary>The quota that is currently left.</summary>
    public static async Task<RemainingQuota> Of(
        OwnerId owner,
        EmailAddress recipient,
        ILimits store,
        ICeilings ceilings,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var current = await store.Get(owner, cancellationToken);
        var followUpsDue = current.Limits.AreAny ? await store.FollowUpsDue(owner, cancellationToken) : 0;
        return new(store, ceilings, recipient, now, current, followUpsDue);
    }

    /// <summary>
    /// Defers the instance's next message until there is quota, and counts it. With <paramref name="once"/> it defers only once, as the
    /// worker does, which asks again when the step is due.
    /// </summary>
    public async ValueTask<IReadOnlyList<Move>> PutOff(
        Instance instance,
        Timetable timetable,
        bool isSkipped,
        DateTimeOffset from,
        CancellationToken cancellationToken,
        bool once = false
    )
    {
        if (isSkipped || instance.Job!.StepType.ChannelOf() is not { } channel)
        {
            return [];
        }

        var isLimited = channel == Channel.Email && _limits.AreAny;
        var ceiling = _ceilings.PerDay(channel);
        if (!isLimited && ceiling is null)
        {
            return [];
        }

        List<Move> moves = [];
        for (var i = 0; i < MostPutOffs; i++)
        {
            var refusal =
                (isLimited ? await Limited(instance, from, cancellationToken) : null)
                ?? SendQuota.AtCeiling(ceiling, await Taken(instance.OwnerId, channel, from, cancellationToken), from);
            if (refusal is not { } refused)
            {
                break;
            }

            instance.PutOff(refused, timetable, from);
            from = instance.Job.DueAt;
            moves.AddRange(instance.Job.WaitingFor);
            if (once || (refused.Reason == MoveReason.Ceiling && ceiling == 0))
            {
                // Under a ceiling of 0 no day has quota: the worker defers the step day by day.
                break;
            }
        }

        await Count(instance.OwnerId, channel, from, cancellationToken);
        return moves;
    }

    private async ValueTask Count(OwnerId owner, Channel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var taken = await Taken(owner, channel, at, cancellationToken);
        _byChannel[(channel, DateOnly.FromDateTime(at.UtcDateTime))] = taken + 1;
        if (channel == Channel.Email)
        {
            var day = _limits.DayOf(at);
            _sent = _sent.Plus(day, at);
            _toRecipient = (day, await ToRecipient(owner, day, cancellationToken) + 1);
        }
    }

    private async ValueTask<int> Taken(OwnerId owner, Channel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return _ceilings.PerDay(channel) is null ? 0
            : _byChannel.TryGetValue((channel, day), out var taken) ? taken
            : _byChannel[(channel, day)] = await _ceilings.Taken(owner, channel, day, cancellationToken);
    }

    private async ValueTask<int> ToRecipient(OwnerId owner, DateOnly day, CancellationToken cancellationToken)
    {
        if (_limits.PerRecipientPerDay is not null && _toRecipient.Day != day)
        {
            _toRecipient = (day, await _store.TakenBy(owner, _recipient, day, cancellationToken));
        }

        return _toRecipient.Taken;
    }

    private async ValueTask<Move?> Limited(Instance instance, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Which follow-ups will be due on a later day is unknown.
        var followUps = instance.Job!.IsFirst && at <= _now ? _followUpsDue : 0;
        var toRecipient = await ToRecipient(instance.OwnerId, _limits.DayOf(at), cancellationToken);
        return _limits.Refusal(new(_sent, toRecipient, followUps, EarlierMails: 0), at)?.Move;
    }
}
