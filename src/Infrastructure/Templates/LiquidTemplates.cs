using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Ardalis.Result;
using Fluid;
using Fluid.Values;
using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Delivery;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Liquid templates, on Fluid. Values are escaped in mail bodies, and not in subjects and text messages, which are plain text. The filter
/// <c>raw</c> is there for authors who have HTML in a variable; what mail clients refuse is taken out of that, too.
/// </summary>
internal sealed class LiquidTemplates : ITemplateRenderer, IDisposable
{
    /// <summary>As long as a line of a mail's header may be (RFC 5322, section 2.1.1).</summary>
    private const int LongestSubject = 998;

    /// <summary>How much template text is kept read; a parsed template takes some ten times as much memory.</summary>
    private const int CachedCharacters = 4 * 1024 * 1024;

    /// <summary>Escapes what HTML needs to have escaped, and leaves other scripts' letters readable.</summary>
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly MemoryCache _parsed = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });
    private readonly HtmlShapes _shapes = new();
    private readonly TemplateOptions _options;
    private readonly LiquidGrammar _grammar;

    public LiquidTemplates(TimeProvider time)
    {
        // Invariant culture, UTC, no file provider and no .NET member is what the library has by default; the rest is said here.
        _options = new TemplateOptions
        {
            MaxSteps = RenderBudget.MostSteps,
            MaxRecursion = RenderBudget.Deepest,
            StrictFilters = true,
            ModelNamesComparer = StringComparer.Ordinal,
            TimeZone = TimeZoneInfo.Utc,
            Now = time.GetUtcNow,
        };
        LiquidFilters.Restrict(_options.Filters);
        _grammar = new LiquidGrammar(_options.Filters);
    }

    public TemplateError? Check(string template)
    {
        var (parsed, error) = Parse(template);
        return error
            ?? parsed!
                .Uses.Where(use => use.Needed)
                .Select(use => TemplateRoots.Wrong(use.Name))
                .FirstOrDefault(wrong => wrong is not null);
    }

    public IReadOnlyList<TemplateVariable> Variables(string template) =>
        [
            .. Parse(template)
                .Template?.Uses.Where(use => TemplateRoots.IsGiven(use.Name))
                .Select(use => new TemplateVariable(use.Name, use.IsWritten, use.Needed))
                ?? [],
        ];

    public bool HasValue(string variable, TemplateModel model)
    {
        if (variable.Contains('…', StringComparison.Ordinal))
        {
            return true;
        }

        var context = new TemplateContext(_options);
        TemplateValues.Set(context, model);
        var parts = variable.Split('.', '[');
        var value = context.GetValue(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            // Nothing waits here either: the values are plain ones.
            value =
                part.EndsWith(']') && decimal.TryParse(part[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var place)
                    ? value.GetIndexAsync(NumberValue.Create(place), context).AsTask().GetAwaiter().GetResult()
                    : value.GetValueAsync(part, context).AsTask().GetAwaiter().GetResult();
        }

        return !NeededValue.IsBlank(value);
    }

    public Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model)
    {
        var renderedSubject = Render("subject", subject ?? "", model, NullEncoder.Default, (text, _) => OneLine.Of(text, LongestSubject));
        if (!renderedSubject.IsSuccess)
        {
            return renderedSubject.Map(_ => default(RenderedEmail)!);
        }

        var (line, missing) = renderedSubject.Value;
        if (subject is not null && line.Length == 0 && missing.Count == 0)
        {
            return Result.Error("The subject is empty once it is rendered.");
        }

        return Render("body", body, model, Html, _shapes.Finish)
            .Map(rendered => new RenderedEmail(line, rendered.Value.Html, rendered.Value.Text)
            {
                Missing = missing.Count == 0 ? rendered.Missing : [.. missing.Union(rendered.Missing).Order(StringComparer.Ordinal)],
                Removed = rendered.Value.Removed,
            });
    }

    public Result<RenderedSms> RenderSms(string message, TemplateModel model)
    {
        var rendered = Render("message", message, model, NullEncoder.Default, (text, _) => text.Trim());
        return rendered is { IsSuccess: true, Value: { Value.Length: 0, Missing.Count: 0 } }
            ? Result.Error("The message is empty once it is rendered.")
            : rendered.Map(text => new RenderedSms(text.Value, text.Missing));
    }

    public void Dispose()
    {
        _parsed.Dispose();
        _shapes.Dispose();
    }

    private Result<(T Value, IReadOnlyCollection<string> Missing)> Render<T>(
        string what,
        string text,
        TemplateModel model,
        TextEncoder encoder,
        Func<string, IReadOnlyList<RenderedValue>, T> finish
    )
    {
        var (template, error) = Parse(text);
        if (template is null)
        {
            return Result.Error($"The {what} does not parse at line {error!.Line}, column {error.Column}: {error.Message}");
        }

        var budget = new RenderBudget();
        var context = new TemplateContext(_options);
        LiquidFilters.Prepare(context, budget, encoder);
        try
        {
            TemplateValues.Set(context, model);
            using var writer = new BoundedWriter(budget);
            // Nothing in a template waits for anything, so this is done when it returns.
            template.Template.RenderAsync(writer, encoder, context).AsTask().GetAwaiter().GetResult();
            return (finish(writer.ToString(), writer.Values), LiquidFilters.Missing(context));
        }
        catch (RenderLimitException limit)
        {
            return Result.Error($"The {what} cannot be rendered: it {limit.Message}.");
        }
        catch (JsonException)
        {
            return Result.Error($"The {what} cannot be rendered: the variables are no JSON object.");
        }
        catch (InvalidOperationException)
        {
            // What the library throws for both of its limits, with a text that speaks of includes.
            var steps = RenderBudget.Format(RenderBudget.MostSteps);
            return Result.Error($"The {what} cannot be rendered: it takes more than {steps} steps or nests too deeply.");
        }
        catch (Exception failure) when (failure is FluidException or ArithmeticException or FormatException or ArgumentException)
        {
            return Result.Error($"The {what} cannot be rendered: {OneLine.Error(failure.Message)}");
        }
    }

    private (ParsedTemplate? Template, TemplateError? Error) Parse(string text)
    {
        if (_parsed.TryGetValue(text, out ParsedTemplate? kept))
        {
            return (kept, null);
        }

        var (template, error) = _grammar.Parse(text);
        if (template is not null)
        {
            _parsed.Set(text, template, new MemoryCacheEntryOptions { Size = text.Length + 1_000 });
        }

        return (template, error);
    }
}
