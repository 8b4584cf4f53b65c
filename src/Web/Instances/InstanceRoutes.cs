using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Instances;

/// <summary>Routes that enrol recipients and read instances.</summary>
internal static class InstanceRoutes
{
    public const string Tag = "Instances";

    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        api.MapPost("/sequences/{id:guid}/instances", Enroll)
            .Creates("enroll", Tag)
            .RendersToWarn()
            .Produces<InstanceView>(201)
            .Refuses(404);
        api.MapPost("/sequences/{id:guid}/instances/bulk", EnrollMany)
            .Writes("enrollMany", Tag)
            .Accepts<string>(Exports.Csv, Exports.Ndjson)
            .Costs(RequestCost.Stream)
            .WithMetadata(ConcurrencyLimited.Bulk)
            .Renders()
            .Produces<BulkView>()
            .Refuses(404, 413, 415)
            .TakesIdempotencyKey()
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapGet("/instances", List).Reads("listInstances", Tag).Lists().Produces<Page<InstanceView>>();
        api.MapGet("/instances/{id:guid}", Get).Reads("getInstance", Tag).Produces<InstanceView>().Refuses(404);
        api.MapGet("/instances/{id:guid}/events", Timeline).Reads("getTimeline", Tag).Lists().Produces<Page<EventView>>().Refuses(404);
        api.MapGet("/instances/{id:guid}/verify", Verify)
            .Reads("verifyTimeline", Tag)
            .Costs(RequestCost.Aggregate)
            // Reads and hashes all mails of the instance, up to 1 MB each.
            .WithMetadata(ConcurrencyLimited.Instance)
            .Produces<TimelineCheck>()
            .Refuses(404);
    }

    /// <summary>Enrol one recipient</summary>
    /// <remarks>
    /// 409 `alreadyEnrolled` with the instance's `id` when the recipient is ACTIVE or PAUSED in the sequence, `suppressed` when the address is
    /// suppressed, `sequenceDisabled` when the sequence accepts no enrolments.
    /// </remarks>
    public static Task<IResult> Enroll(Guid id, JsonBody<EnrolmentInput> body, HttpContext http, Sender sender, CancellationToken ct) =>
        sender.Answer(
            new EnrollRecipient(new SequenceId(id), body.Value),
            ct,
            enrolled => http.Created($"/api/instances/{enrolled.Id}", enrolled)
        );

    /// <summary>Enrol many recipients from a CSV or NDJSON stream</summary>
    /// <remarks>
    /// Reads up to 1,000,000 rows and 1 GiB as a stream, for at most an hour and with at most 30 s without a byte. A CSV has a header with a
    /// column for the email address and up to 500 columns. The separator is a comma, a semicolon or a tab; the encoding is UTF-8, UTF-16 with a
    /// byte order mark, or the `charset` of the Content-Type (`windows-1252`, `iso-8859-1`). `email`, `name`, `firstName`, `lastName`, `phone`,
    /// `timeZone`, `offerId` and `startAt` are recognized by name or by common synonyms such as `E-mail Address` and `Vorname`. Every other
    /// column becomes a variable; dots in its name nest variables. `columns` in the response shows how each column was read, and `map` overrides
    /// it. The cells `true` and `false` are booleans, all other cells are texts. NDJSON has the body of a single enrolment on each line. Valid
    /// rows are enrolled even if others are rejected. The response lists at most 1,000 errors.
    /// </remarks>
    /// <param name="map">
    /// Assigns columns to fields: `&lt;column&gt;:&lt;field&gt;`, repeated or separated by commas, or a JSON object. A column is its name or its
    /// number as `#3`; a field is `email`, `name`, `firstName`, `lastName`, `phone`, `timeZone`, `offerId`, `startAt`, `variables.&lt;name&gt;`,
    /// or `-` to ignore the column.
    /// </param>
    /// <param name="dryRun">`true` checks everything and stores nothing. The response is that of the real call.</param>
    public static async Task<IResult> EnrollMany(
        Guid id,
        [FromQuery] string[]? map,
        Query<bool>? dryRun,
        HttpContext http,
        Sender sender,
        CancellationToken ct
    )
    {
        var (problem, format, charset) = BulkBody.Read(http.Request);
        var (columns, wrong) = ColumnMap.Read(map ?? []);
        return problem
            ?? (
                wrong is not null
                    ? Problems.Invalid("map", wrong)
                    : await sender.Answer(
                        new EnrollMany(new SequenceId(id), http.Request.Body, format)
                        {
                            Reading = new BulkReading(charset, columns ?? ColumnMap.Empty),
                            DryRun = dryRun == true,
                        },
                        ct
                    )
            );
    }

    /// <summary>List instances, newest first or by the due time of their next step</summary>
    /// <param name="sequenceId">Only instances of this sequence.</param>
    /// <param name="status">Only instances with this status.</param>
    /// <param name="email">Only instances of this address, case-insensitive.</param>
    /// <param name="attention">`true` for instances that wait for a user, `false` for the others, or a reason.</param>
    /// <param name="step">Only instances whose next or failed step has this index.</param>
    /// <param name="version">Only instances on this version.</param>
    /// <param name="stopReason">Only instances that were stopped for this reason.</param>
    /// <param name="variant">Only instances to which this variant of an EMAIL step was sent.</param>
    /// <param name="dueBefore">Only instances whose next step is due before this instant.</param>
    /// <param name="q">Only instances whose recipient's address or name begins with this text, case-insensitive.</param>
    /// <param name="sort">
    /// `-enrolledAt` (default): newest first. `nextDueAt`: only instances whose next step is scheduled, in execution order. A cursor is valid for
    /// one sort order.
    /// </param>
    public static Task<IResult> List(
        Query<Guid>? sequenceId,
        [OneOf(typeof(InstanceStatus))] string? status,
        string? email,
        [OneOf(typeof(Attention), "true", "false")] string? attention,
        Query<int>? step,
        Query<int>? version,
        [OneOf(typeof(StopReason))] string? stopReason,
        string? variant,
        Query<DateTimeOffset>? dueBefore,
        string? q,
        [OneOf(ListInstances.Newest, ListInstances.NextDue), DefaultValue(ListInstances.Newest)] string? sort,
        Query<int>? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    )
    {
        var filter = new InstanceFilter
        {
            SequenceId = sequenceId,
            Status = status,
            Email = email,
            Attention = attention,
            Step = step,
            Version = version,
            StopReason = stopReason,
            Variant = variant,
            DueBefore = dueBefore,
            Q = q,
        };
        return sender.Answer(new ListInstances(filter, limit, cursor, sort), ct);
    }

    /// <summary>Get an instance</summary>
    public static Task<IResult> Get(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new GetInstance(new(id)), ct);

    /// <summary>List the events of an instance, oldest first</summary>
    public static Task<IResult> Timeline(Guid id, Query<int>? limit, string? cursor, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetTimeline(new(id), limit, cursor), ct);

    /// <summary>Verify the timeline of an instance by recomputing every hash</summary>
    public static Task<IResult> Verify(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new VerifyTimeline(new(id)), ct);
}
