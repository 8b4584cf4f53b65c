namespace FollowUp.Testing.Fakes;

/// <summary>The stage of an SMTP session at which a behaviour applies.</summary>
public enum SmtpStage
{
    Connected,
    Ehlo,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,

    /// <summary>During the mail: a part of it was read.</summary>
    Body,

    /// <summary>The whole mail was read and is not answered yet.</summary>
    EndOfData,
}

/// <summary>The behaviour of a fake SMTP server at a stage: one of the records below.</summary>
public abstract record SmtpAnswer
{
    private SmtpAnswer() { }

    /// <summary>Accepts one mail normally.</summary>
    public sealed record Accept : SmtpAnswer;

    /// <summary>Accepts no mail and sends this reply instead of the stage's success reply.</summary>
    public sealed record Reply(SmtpStage Stage, string Line) : SmtpAnswer;

    /// <summary>Accepts no mail and resets the connection.</summary>
    public sealed record Drop(SmtpStage Stage) : SmtpAnswer;

    /// <summary>Accepts no mail and never replies.</summary>
    public sealed record FallSilent(SmtpStage Stage) : SmtpAnswer;

    /// <summary>Accepts the mail and resets the connection without a reply.</summary>
    public sealed record AcceptThenDrop : SmtpAnswer;

    /// <summary>Accepts the mail and never replies.</summary>
    public sealed record AcceptThenFallSilent : SmtpAnswer;

    /// <summary>The stage at which it applies.</summary>
    public SmtpStage At =>
        this switch
        {
            Reply reply => reply.Stage,
            Drop drop => drop.Stage,
            FallSilent silent => silent.Stage,
            _ => SmtpStage.EndOfData,
        };
}
