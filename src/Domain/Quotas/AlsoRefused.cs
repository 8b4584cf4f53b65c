namespace FollowUp.Domain.Quotas;

/// <summary>Which other due mails of an owner a refusal applies to.</summary>
public enum AlsoRefused
{
    /// <summary>None: the refusal concerns the recipient.</summary>
    None,

    /// <summary>None yet: earlier mails, which are being executed, decide on the last slots within moments.</summary>
    Undecided,

    /// <summary>First mails: due follow-ups take what is left.</summary>
    FirstMails,

    /// <summary>All.</summary>
    All,
}
