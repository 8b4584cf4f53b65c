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
/// <c>raw</c> is there for authors who have HTML in a variable: whoever writes it vouches for that variable.
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

    public TemplateError? Check(string template) => Parse(template).Error;

    public Result<RenderedEmail> RenderEmail(string subject, string body, TemplateModel model)
    {
        var values = ValuesOf(model);
        var renderedSubject = Render("subject", subject, values, NullEncoder.Default).Map(text => OneLine.Of(text, LongestSubject));
        if (!renderedSubject.IsSuccess)
        {
            return renderedSubject.Map(_ => default(RenderedEmail)!);
        }

        if (renderedSubject.Value.Length == 0)
        {
            return Result.Error("The subject is empty once it is rendered.");
        }

        return Render("body", body, values, Html).Map(html => new RenderedEmail(renderedSubject.Value, html, HtmlToText.Convert(html)));
    }

    public Result<string> RenderSms(string message, TemplateModel model)
    {
        var rendered = Render("message", message, ValuesOf(model), NullEncoder.Default).Map(text => text.Trim());
        return rendered is { IsSuccess: true, Value.Length: 0 } ? Result.Error("The message is empty once it is rendered.") : rendered;
    }

    public void Dispose() => _parsed.Dispose();

    // Made at the first use, within the guard against variables that are no JSON object.
    private static Lazy<(string Name, FluidValue Value)[]> ValuesOf(TemplateModel model) => new(() => TemplateValues.Of(model));

    private Result<string> Render(string what, string text, Lazy<(string Name, FluidValue Value)[]> values, TextEncoder encoder)
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
            foreach (var (name, value) in values.Value)
            {
                context.SetValue(name, value);
            }

            using var writer = new BoundedWriter(budget);
            // Nothing in a template waits for anything, so this is done when it returns.
            template.RenderAsync(writer, encoder, context).AsTask().GetAwaiter().GetResult();
            return writer.ToString();
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

    private (IFluidTemplate? Template, TemplateError? Error) Parse(string text)
    {
        if (_parsed.TryGetValue(text, out IFluidTemplate? kept))
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
