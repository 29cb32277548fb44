using System.Text.Json;
using Rer.Engine.Data;
using Rer.Engine.Data.Jinja;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Data;

public sealed class ChatTemplateTests : IDisposable
{
    private static readonly ChatMessage[] Dialogue = [new("user", "Hi!"), new("assistant", "Hello."), new("user", " And now? ")];
    private static readonly ChatMessage[] WithSystem = [new("system", "Be brief."), .. Dialogue];

    private static readonly Dictionary<string, string> Tokens = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Templates in the manner of the families that are published, each with what opens and closes its turns.</summary>
    public static TheoryData<string, string, string, string[]> Families => new()
    {
        {
            "ChatML",
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor "
                + "%}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\n And now? <|im_end|>\n<|im_start|>assistant\n",
            ["<|im_end|>", "<|im_start|>user", "<|im_start|>assistant"]
        },
        {
            "headers, a date, a default for what is not given",
            """
            {{- bos_token }}
            {%- if not tools is defined %}
                {%- set tools = none %}
            {%- endif %}
            {#- The system message comes first, if there is one. #}
            {%- if messages[0]['role'] == 'system' %}
                {%- set system_message = messages[0]['content'] | trim %}
                {%- set messages = messages[1:] %}
            {%- else %}
                {%- set system_message = "" %}
            {%- endif %}
            {{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
            {%- if tools is not none %}
                {{- "Environment: tools\n" }}
            {%- endif %}
            {{- system_message }}
            {{- "<|eot_id|>" }}
            {%- for message in messages %}
                {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
                    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
            {%- endif %}
            """,
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe "
                + "brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi!<|eot_id|><|start_header_id|>assistant"
                + "<|end_header_id|>\n\nHello.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd now?<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n",
            ["<|eot_id|>", "<|start_header_id|>user<|end_header_id|>", "<|start_header_id|>assistant<|end_header_id|>"]
        },
        {
            "[INST], the system text within the last user's turn, roles checked in turn",
            """
            {%- if messages[0]["role"] == "system" %}
                {%- set system_message = messages[0]["content"] %}
                {%- set loop_messages = messages[1:] %}
            {%- else %}
                {%- set loop_messages = messages %}
            {%- endif %}
            {%- set ns = namespace() %}
            {%- set ns.index = 0 %}
            {%- for message in loop_messages | rejectattr("role", "equalto", "tool") | selectattr("tool_calls", "undefined") %}
                {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                    {{- raise_exception("Roles must alternate user and assistant") }}
                {%- endif %}
                {%- set ns.index = ns.index + 1 %}
            {%- endfor %}
            {{- bos_token }}
            {%- for message in loop_messages %}
                {%- if message["role"] == "user" %}
                    {%- if loop.last and system_message is defined %}
                        {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
                    {%- else %}
                        {{- "[INST] " + message["content"] + "[/INST]" }}
                    {%- endif %}
                {%- elif message["role"] == "assistant" %}
                    {{- " " + message["content"] | trim + eos_token }}
                {%- endif %}
            {%- endfor %}
            """,
            "<s>[INST] Hi![/INST] Hello.</s>[INST] Be brief.\n\n And now? [/INST]",
            ["</s>", "[INST]", "[/INST]"]
        },
        {
            "three roles by name, the end token as a text of the tokenizer's",
            """
            {% for message in messages %}
            {% if message['role'] == 'user' %}
            {{ '<|user|>\n' + message['content'] + eos_token }}
            {% elif message['role'] == 'system' %}
            {{ '<|system|>\n' + message['content'] + eos_token }}
            {% elif message['role'] == 'assistant' %}
            {{ '<|assistant|>\n'  + message['content'] + eos_token }}
            {% endif %}
            {% if loop.last and add_generation_prompt %}
            {{ '<|assistant|>' }}
            {% endif %}
            {% endfor %}
            """,
            "<|system|>\nBe brief.</s>\n<|user|>\nHi!</s>\n<|assistant|>\nHello.</s>\n<|user|>\n And now? </s>\n<|assistant|>\n",
            ["</s>", "<|user|>", "<|assistant|>"]
        },
        {
            "another name for the assistant, the system text before the first question",
            """
            {{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set first = messages[0]['content'] + '\n\n' %}{% set messages = messages[1:] %}{% else %}{% set first = '' %}{% endif %}
            {%- for message in messages -%}
                {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}
                {%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
                {{ '<start_of_turn>' + role + '\n' + (first if loop.first else '') + message['content'] | trim + '<end_of_turn>\n' }}
            {%- endfor -%}
            {% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}
            """,
            "<s><start_of_turn>user\nBe brief.\n\nHi!<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n<start_of_turn>user\nAnd "
                + "now?<end_of_turn>\n<start_of_turn>model\n",
            ["<end_of_turn>", "<start_of_turn>user", "<start_of_turn>model"]
        },
        {
            "the assistant's turn opened behind the question, whether asked for or not",
            "{% for m in messages %}{% if m.role == 'system' %}{{ '<|system|>\n' ~ m.content ~ '<|end|>\n' }}{% elif m.role == 'user' %}{{ "
                + "'<|user|>\n' ~ m.content ~ '<|end|>\n<|assistant|>\n' }}{% else %}{{ m.content ~ '<|end|>\n' }}{% endif %}{% endfor %}",
            "<|system|>\nBe brief.<|end|>\n<|user|>\nHi!<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\n And now? "
                + "<|end|>\n<|assistant|>\n",
            ["<|end|>", "<|user|>", "<|assistant|>"]
        },
        {
            "full-width markers, thoughts cut from earlier answers, what is not given defined as false",
            """
            {% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(system='', is_first=true) %}{%- for message in messages if message['role'] == 'system' %}{% set ns.system = ns.system + ('' if ns.is_first else '\n\n') + message['content'] %}{% set ns.is_first = false %}{%- endfor %}{{ bos_token }}{{ ns.system }}{%- for message in messages %}{%- if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{ '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}{%- endif %}{%- endfor -%}{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\n' }}{% endif %}
            """,
            "<s>Be brief.<｜User｜>Hi!<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜> And now? <｜Assistant｜><think>\n",
            ["<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜><think>"]
        },
        {
            "a macro for a turn, an else that names a role it does not know",
            """
            {%- macro turn(role, text) -%}
            <|START_OF_TURN_TOKEN|><|{{ role | upper }}_TOKEN|>{{ text.strip() }}<|END_OF_TURN_TOKEN|>
            {%- endmacro -%}
            {{ bos_token }}
            {%- for m in messages -%}
                {%- if m.role in ['system', 'user'] -%}
                    {{ turn(m.role, m.content) }}
                {%- elif m.role == 'assistant' -%}
                    {{ turn('chatbot', m.content) }}
                {%- else -%}
                    {{ raise_exception('Unknown role ' ~ m.role) }}
                {%- endif -%}
            {%- endfor -%}
            {%- if add_generation_prompt -%}<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>{%- endif -%}
            """,
            "<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be "
                + "brief.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi!<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|>"
                + "<|CHATBOT_TOKEN|>Hello.<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>And now?<|END_OF_TURN_TOKEN|>"
                + "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
            ["<|END_OF_TURN_TOKEN|>", "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>", "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"]
        },
        {
            "plain roles with colons",
            "{% if messages[0]['role'] == 'system' %}{{ messages[0]['content'] + ' ' }}{% set messages = messages[1:] %}{% endif %}{% for "
                + "message in messages %}{% if message['role'] == 'user' %}{{ 'USER: ' + message['content'].strip() + ' ' }}{% else %}{{ "
                + "'ASSISTANT: ' + message['content'] + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' "
                + "}}{% endif %}",
            "Be brief. USER: Hi! ASSISTANT: Hello.</s>USER: And now? ASSISTANT:",
            ["</s>", "USER:", "ASSISTANT:"]
        },
        {
            "walks the dialogue backwards for the last question, empty thoughts where thinking is off",
            """
            {%- set ns = namespace(open=true, last=messages | length - 1) %}
            {%- for message in messages[::-1] %}
                {%- set index = (messages | length - 1) - loop.index0 %}
                {%- if ns.open and message.role == "user" and not (message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
                    {%- set ns.open = false %}
                    {%- set ns.last = index %}
                {%- endif %}
            {%- endfor %}
            {%- for message in messages %}
                {%- if message.role != "assistant" or loop.index0 < ns.last %}
                    {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
                {%- else %}
                    {{- '<|im_start|>assistant\n<think>\n' + (message.reasoning_content or '') + '\n</think>\n\n' + message.content.lstrip('\n') + '<|im_end|>\n' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|im_start|>assistant\n' }}
                {%- if enable_thinking is defined and enable_thinking is false %}
                    {{- '<think>\n\n</think>\n\n' }}
                {%- endif %}
            {%- endif %}
            """,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\n And now? <|im_end|>\n<|im_start|>assistant\n",
            ["<|im_end|>", "<|im_start|>user", "<|im_start|>assistant"]
        },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_dialogue_is_rendered_in_the_manner_of_its_family(string family, string template, string expected, string[] stops)
    {
        Assert.Equal(expected, new ChatTemplate(template, Tokens, family).Render(WithSystem, addGenerationPrompt: true));

        Write(new { chat_template = template, bos_token = "<s>", eos_token = new { content = "</s>", lstrip = false } });
        var prompt = PromptTemplate.Of("chat", _folder.Path);
        Assert.Equal(stops, prompt.RoleStops);
        Assert.EndsWith("\n\n____", prompt.StopStrings[^1]);
        Assert.False(prompt.AddsSpecialTokens);
    }

    [SharedTheory]
    [InlineData("qwen",
        "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful "
            + "assistant.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\n And now? "
            + "<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("minimind",
        "<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\nHello.<|im_end|>\n<|im_start|>user\n And now? "
            + "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    [InlineData("phi-3", "<s><|user|>\nHi!<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\n And now? <|end|>\n<|assistant|>\n")]
    public void Published_templates_render(string tokenizer, string expected) =>
        Assert.Equal(expected, ChatTemplate.Read(Fixtures.File("tokenizers", tokenizer)).Render(Dialogue, addGenerationPrompt: true));

    [SharedTheory]
    [InlineData("qwen", "<|im_end|>", "<|im_start|>user", "<|im_start|>assistant")]
    [InlineData("minimind", "<|im_end|>", "<|im_start|>user", "<|im_start|>assistant")]
    [InlineData("phi-3", "<|end|>", "<|user|>", "<|assistant|>")]
    public void Their_markers_end_a_response(string tokenizer, string end, params string[] roles)
    {
        var template = PromptTemplate.Of("chat", Fixtures.File("tokenizers", tokenizer));
        Assert.Equal(end, template.EndOfTurn);
        Assert.Equal([end, .. roles], template.RoleStops);
        Assert.Equal("Why?", template.ExtractQuery("Why?"));
    }

    [Fact]
    public void A_folder_may_have_several_by_name()
    {
        Write(
            new
            {
                chat_template = new[] { new { name = "default", template = "D{{ messages[0].content }}" },
                new { name = "rag", template = "R{{ messages[0].content }}" } }
            });
        Assert.Equal(["default", "rag"], ChatTemplate.Names(_folder.Path));
        Assert.Equal("DHi", PromptTemplate.Of("chat", _folder.Path).Render("Hi"));
        Assert.Equal("RHi", PromptTemplate.Of("chat:rag", _folder.Path).Render("Hi"));
        var error = Assert.Throws<InvalidDataException>(() => PromptTemplate.Of("chat:tools", _folder.Path));
        Assert.Contains("has no chat template 'tools'. It has default, rag.", error.Message);

        File.WriteAllText(_folder.File("chat_template.jinja"), "F{{ messages[0].content }}");
        Assert.Equal("FHi", PromptTemplate.Of("chat", _folder.Path).Render("Hi"));
    }

    [Fact]
    public void A_folder_without_one_says_what_to_name_instead()
    {
        Write(new { bos_token = "<s>" });
        Assert.False(ChatTemplate.In(_folder.Path));
        var error = Assert.Throws<InvalidDataException>(() => ChatTemplate.Read(_folder.Path));
        Assert.Contains("has no chat template", error.Message);
        Assert.Contains("alpaca", error.Message);
    }

    [Fact]
    public void A_broken_one_is_told_by_file_line_and_column()
    {
        Write(new { chat_template = "a\n{% if %}" });
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Read(_folder.Path));
        Assert.StartsWith($"{_folder.File("tokenizer_config.json")}, chat_template, line 2, column 7: ", error.Message);
    }

    private void Write(object config) => File.WriteAllText(_folder.File("tokenizer_config.json"), JsonSerializer.Serialize(config));
}
