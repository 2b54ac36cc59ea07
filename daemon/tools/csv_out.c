#include "csv_out.h"

#include <string.h>

#define NUMBER_SIZE 80

void csv_put_text(const char *text, FILE *out)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void csv_put_value(const struct json *value, FILE *out)
{
	char number[NUMBER_SIZE];
	const char *text;
	bool truth;

	if (json_get_text(value, &text))
		csv_put_text(text, out);
	else if (json_get_bool(value, &truth))
		fputs(truth ? "true" : "false", out);
	else if (value != NULL && json_type(value) == JSON_NUMBER &&
	         json_print(value, number, sizeof(number)) > 0)
		fputs(number, out);
}
