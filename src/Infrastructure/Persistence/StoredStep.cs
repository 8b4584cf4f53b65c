using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>A step as stored in <c>sequence_version.steps</c>. Renaming a member breaks stored data.</summary>
internal sealed record StoredStep
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public string? Id { get; init; }
    public required string Type { get; init; }
    public string? Subject { get; init; }
    public string? Body { get; init; }
    public bool? Thread { get; init; }
    public IReadOnlyList<StoredVariant>? Variants { get; init; }
    public string? Message { get; init; }
    public decimal? DelayDays { get; init; }
    public int? DelayBusinessDays { get; init; }
    public string? Delay { get; init; }
    public string? At { get; init; }

    /// <summary>The step's content and delay as one string: equal steps without an id get equal ids.</summary>
    public string Content => string.Join('\u001f', Type, Subject, Body, Message, Invariant(DelayDays), Delay);

    public static StoredStep Of(Step step) =>
        step switch
        {
            EmailStep email => new()
            {
                Id = email.Id,
                Type = "EMAIL",
                Subject = email.Subject,
                Body = email.Body,
                Thread = email.Thread,
                Variants =
                    email.Variants.Count == 0
                        ? null
                        : [.. email.Variants.Select(v => new StoredVariant(v.Name, v.Weight, v.Subject, v.Body))],
                At = Text(email.At),
            },
            SmsStep sms => new()
            {
                Id = sms.Id,
                Type = "SMS",
                Message = sms.Message,
                At = Text(sms.At),
            },
            WaitStep wait => new()
            {
                Id = wait.Id,
                Type = "WAIT",
                DelayDays = wait.DelayDays,
                DelayBusinessDays = wait.BusinessDays,
                Delay = wait.DelayText,
            },
            _ => throw new InvalidOperationException($"A step of type {step.Type} cannot be stored."),
        };

    public Step ToStep() =>
        Type switch
        {
            "EMAIL" => new EmailStep(Subject, Body)
            {
                Id = Id ?? "",
                At = TimeOf(At),
                Thread = Thread,
                Variants = Variants is null or []
                    ? EmailVariants.None
                    : new EmailVariants([.. Variants.Select(v => new EmailVariant(v.Name, v.Weight, v.Subject, v.Body))]),
            },
            "SMS" => new SmsStep(Message!) { Id = Id ?? "", At = TimeOf(At) },
            _ => (
                DelayDays is { } days ? WaitStep.OfDays(days)
                : DelayBusinessDays is { } business ? WaitStep.OfBusinessDays(business)
                : WaitStep.Of(Delay!)
            )! with
            {
                Id = Id ?? "",
            },
        };

    private static LocalTime? TimeOf(string? text) => text is null ? null : Time.Parse(text).Value;

    private static string? Text(LocalTime? time) => time is { } at ? Time.Format(at) : null;

    private static string? Invariant(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A variant of an EMAIL step as stored in <c>sequence_version.steps</c>. Renaming a member breaks stored data.</summary>
internal sealed record StoredVariant(string Name, decimal Weight, string? Subject, string? Body);
