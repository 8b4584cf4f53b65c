using System.Globalization;
using Fluid;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

internal sealed class VariableValues(TemplateOptions options, TemplateValues values) : IVariableValues
{
    private TemplateContext? _context;

    public bool HasValue(string variable) => variable.Contains('…', StringComparison.Ordinal) || !RequiredValue.IsBlank(ValueOf(variable));

    public string? TextOf(string variable) =>
        !variable.Contains('…', StringComparison.Ordinal) && ValueOf(variable) is StringValue text ? text.ToStringValue() : null;

    private FluidValue ValueOf(string variable)
    {
        var context = _context ??= Read();
        var parts = variable.Split('.', '[');
        var value = context.GetValue(parts[0]);
        for (var i = 1; i < parts.Length; i++)
        {
            // A name may contain dots: variables["Nr."] is called variables.Nr. here. Nothing is asynchronous: the values are plain.
            var rest = string.Join('.', parts[i..]);
            if (i < parts.Length - 1 && Get(rest) is var whole && !whole.IsNil())
            {
                return whole;
            }

            value =
                parts[i].EndsWith(']') && decimal.TryParse(parts[i][..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var place)
                    ? value.GetIndexAsync(NumberValue.Create(place), context).AsTask().GetAwaiter().GetResult()
                    : Get(parts[i]);
        }

        return value;

        FluidValue Get(string name) => value.GetValueAsync(name, context).AsTask().GetAwaiter().GetResult();
    }

    private TemplateContext Read()
    {
        var context = new TemplateContext(options);
        values.Set(context);
        return context;
    }
}
